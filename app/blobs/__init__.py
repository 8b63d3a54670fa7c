"""Where sealed files lie: a folder of this machine or an S3-compatible store. Nothing here is readable."""
