"""The life of a child's record: merging and unmerging, the end of care undone, responsibility passing on."""
