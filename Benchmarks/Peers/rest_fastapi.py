"""rest_fastapi.py PORT: bars from SQLite over HTTP, as a FastAPI user would serve them: /bars, /bars-orjson, /live."""

import sqlite3
import sys
import tempfile

import orjson
import uvicorn
from fastapi import FastAPI, Response

store = sqlite3.connect(tempfile.mkdtemp() + "/bars.db", check_same_thread=False)
store.execute("create table bars (symbol text, time integer, o real, h real, l real, c real, v real,"
              " primary key (symbol, time)) without rowid")
store.executemany("insert into bars values (?,?,?,?,?,?,?)", [
    ("NSE:NIFTY", 1_700_000_000_000 + 300_000 * i, 22450.05 + i % 97, 22455.1 + i % 97, 22441.35 + i % 97, 22449.8 + i % 97, 1000.0 * i)
    for i in range(20_000)])
store.commit()
app = FastAPI()


def bars(symbol: str, count: int) -> list[dict]:
    rows = store.execute("select time,o,h,l,c,v from bars where symbol=? order by time desc limit ?", (symbol, count)).fetchall()
    return [{"time": t, "open": o, "high": h, "low": low, "close": c, "volume": v} for t, o, h, low, c, v in reversed(rows)]


@app.get("/bars")
async def plain(symbol: str = "NSE:NIFTY", count: int = 1000):
    return {"symbol": symbol, "bars": bars(symbol, count)}


@app.get("/bars-orjson")
async def fast(symbol: str = "NSE:NIFTY", count: int = 1000):
    return Response(orjson.dumps({"symbol": symbol, "bars": bars(symbol, count)}), media_type="application/json")


@app.get("/live")
async def live():
    return {"status": "ok"}


uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[1]), log_level="error", access_log=False)
