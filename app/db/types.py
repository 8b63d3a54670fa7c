"""The few column types there are: text, whole numbers and bytes.

A value then means the same to both drivers, so one tuple can be handed to psycopg and to sqlite3 without
type processing. Times are ``app.kit.clock`` text; flags are 0 or 1; JSON is text made by orjson.
"""

from sqlalchemy import BigInteger, Integer, LargeBinary, SmallInteger, Text

# The C collation: ids, codes and times compare byte by byte, on every server the same.
_BYTEWISE = Text().with_variant(Text(collation="C"), "postgresql")

Id = _BYTEWISE
Code = _BYTEWISE
Utc = _BYTEWISE
Day = _BYTEWISE
Digest = _BYTEWISE
Json = Text()
Words = Text()
Flag = SmallInteger()
Whole = Integer()
Position = BigInteger().with_variant(Integer(), "sqlite")
Sealed = LargeBinary()
