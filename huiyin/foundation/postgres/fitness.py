"""Which database may hold the house: one that sorts characters by their code, as the embedded one does, and keeps its word.

The look-ups of names and units are ranges ("王" … "王\\U0010ffff"); a dictionary's order would make them miss. With
`synchronous_commit` off a server says that something is saved before it is.
"""

FACTS = (
    "SELECT current_setting('server_version_num')::int, pg_encoding_to_char(encoding), datcollate,"
    " current_setting('synchronous_commit')"
    " FROM pg_database WHERE datname = current_database()"
)
_OLDEST = 15
_BY_CODE = {"C", "POSIX", "C.UTF-8", "C.UTF8", "C.utf8"}


def unfit(version: int, encoding: str, collation: str, commit: str) -> str:
    """Say why a database with these FACTS cannot be used; nothing when it can."""
    if version < _OLDEST * 10_000:
        return f"PostgreSQL 要 {_OLDEST} 以上,这里是 {version // 10_000}"
    if encoding != "UTF8" or collation not in _BY_CODE:
        right = "CREATE DATABASE … ENCODING 'UTF8' LOCALE 'C.UTF-8' TEMPLATE template0"
        return f"数据库要用 UTF8 编码和 C.UTF-8 排序,这里是 {encoding} 和 {collation};请重建:{right}"
    if commit == "off":
        return "数据库的 synchronous_commit 是 off:断电会丢掉已经答复过的登记;请改回 on"
    return ""
