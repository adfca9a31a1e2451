# /// script
# requires-python = ">=3.11"
# dependencies = ["fastapi>=0.115.14", "numpy>=2.0", "pandas>=2.2.2", "pydantic>=2.10.6", "scikit-learn>=1.6", "uvicorn>=0.34.3"]
# ///
"""A model behind an HTTP endpoint that checks its input, its golden rows and its version.

Page: docs/lifecycle/serve-a-model.md
Source: FastAPI, pydantic and uvicorn; golden-file testing
Task: put a model behind an endpoint
Graduate to: BentoML, KServe
"""
# SPDX-License-Identifier: MIT

# --8<-- [start:function]
import asyncio
import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from functools import cache
from numbers import Real
from threading import Thread
from time import monotonic, sleep
from typing import Any, get_args
from urllib.error import HTTPError
from urllib.request import OpenerDirector, ProxyHandler, Request, build_opener

import numpy as np
import pandas as pd
import uvicorn
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel


def model_app(
    model: Any, schema: type[BaseModel], golden: str | None = None, version: str = "unknown",
    method: str = "predict_proba", tolerance: float = 1e-6,
) -> FastAPI:  # fmt: skip
    """Return an app that answers one row at a time, and refuses to if a golden row is off.

    Parameters
    ----------
    model : object
        The fitted model with all of its preprocessing.
    schema : type of pydantic.BaseModel
        One row: a field for each column, in the order of training.
    golden : str, optional
        JSON with ``rows`` and ``answers``, at least one, such as ``write_golden`` returns;
        asked at once.
    version : str
        Sent with each answer.
    method : str
        Name of the method that answers a DataFrame of one row.
    tolerance : float
        Largest difference from a golden answer that counts as equal, 0 or more.

    Returns
    -------
    FastAPI
        POST ``/predict``; GET ``/healthz``, the process lives, and ``/readyz``, it may serve.

    Raises
    ------
    TypeError, ValueError
        If ``schema`` is no pydantic model with the columns of the model, the model lacks the
        method, ``golden`` is no such text, ``version`` is no text or ``tolerance`` is negative.
    """
    if not isinstance(schema, type) or not issubclass(schema, BaseModel):
        raise TypeError("schema must be a pydantic model, a class")
    named = ((f.alias, name, f.annotation) for name, f in schema.model_fields.items())
    columns = {name if alias is None else alias: kind for alias, name, kind in named}  # "" is one
    _same_columns("schema", pd.DataFrame(columns=list(columns)), model)
    if not isinstance(method, str) or not callable(getattr(model, method, None)):
        raise TypeError(f"model must have the method {method!r}")
    if not isinstance(version, str):
        raise TypeError("version must be a text")
    _at_least("tolerance", tolerance, 0)

    def answer(row: BaseModel) -> Any:
        values = row.model_dump(by_alias=True)
        table = pd.DataFrame({name: _cell(values[name], columns[name]) for name in columns})
        (one,) = np.asarray(getattr(model, method)(table))  # several outputs would make several
        return one.tolist()

    app, wrong = FastAPI(), list[str]()
    app.state.wrong = wrong
    for row, expected in _golden_pairs(golden):
        try:
            got = answer(schema.model_validate(row))
            same = _close(got, expected, float(tolerance))
        except Exception as error:  # refused by the schema, not comparable, or the model fails
            got, same = " ".join(str(error).split())[:80], False
        if not same:
            wrong.append(f"{row}: expected {expected}, got {got}")

    @app.get("/healthz")
    async def healthz() -> dict[str, str]:  # async: answers while all threads predict
        return {"version": version}

    @app.get("/readyz")
    async def readyz() -> JSONResponse:
        return JSONResponse({"version": version, "wrong": wrong}, 503 if wrong else 200)

    @app.post("/predict")
    def predict(row: schema) -> JSONResponse:  # type: ignore[valid-type]  # def: runs in a thread
        if wrong:
            return JSONResponse({"detail": "a golden row is wrong, see /readyz"}, 503)
        return JSONResponse({"answer": answer(row), "version": version})

    @app.exception_handler(RequestValidationError)
    async def refuse(_: Any, error: RequestValidationError) -> JSONResponse:
        # Without the input: it may be NaN, which JSON lacks, or private.
        said = [
            {key: str(e[key]) for key in ("type", "msg")} | {"loc": e["loc"]}
            for e in error.errors()
        ]
        return JSONResponse({"detail": said}, 422)

    return app


def serving(app: FastAPI, seconds: float = 10.0) -> AbstractContextManager[str]:
    """Serve an app from a thread on a free port of 127.0.0.1, for a test or a notebook.

    Parameters
    ----------
    app : FastAPI
        Such as ``model_app`` returns.
    seconds : float
        How long to wait for the start, above 0.

    Returns
    -------
    context manager of str
        In a ``with`` statement it gives the address, such as ``http://127.0.0.1:54321``. At its
        end, requests in progress are answered, and the thread ends.

    Raises
    ------
    TypeError, ValueError
        If ``app`` is no FastAPI or ``seconds`` is not above 0.
    RuntimeError
        If the server does not start.
    """
    if not isinstance(app, FastAPI):
        raise TypeError("app must be a FastAPI")
    _between("seconds", seconds, 0, np.inf)
    return _serving(app, float(seconds))


@contextmanager
def _serving(app: FastAPI, seconds: float) -> Iterator[str]:
    config = uvicorn.Config(app, host="127.0.0.1", port=0, ws="none", log_level="warning")
    server = uvicorn.Server(config)
    thread, deadline = Thread(target=server.run, daemon=True), monotonic() + seconds
    thread.start()
    try:
        while not server.started:
            if not thread.is_alive() or monotonic() > deadline:
                raise RuntimeError("the server did not start")
            sleep(0.005)
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()


def ask(where: FastAPI | str, path: str, row: Any = None, seconds: float = 10.0) -> tuple[int, Any]:
    """Send one request, over HTTP or to an app in this process, and return status and answer.

    Parameters
    ----------
    where : FastAPI or str
        An app, which needs no server and raises its own errors; or an address, ``http://`` or
        ``https://``.
    path : str
        Such as ``/predict``.
    row : object, optional
        Sent as JSON by POST; text is sent as it stands. Without it, GET.
    seconds : float
        An address that has not answered after so long is given up with urllib's error, above 0.

    Returns
    -------
    status : int
        Such as 200, or 422 for a body that the schema refuses.
    answer : object
        The parsed JSON, or text where it is none.

    Raises
    ------
    TypeError, ValueError
        If ``where`` is neither, ``path`` starts with no slash, ``row`` cannot be JSON or
        ``seconds`` is not above 0.
    """
    if not isinstance(where, FastAPI) and not str(where).startswith(("http://", "https://")):
        raise ValueError("where must be a FastAPI, or start with http:// or https://")
    plain = isinstance(path, str) and path.isascii() and path.split() == [path]
    if not plain or not path.startswith("/"):
        raise ValueError("path must start with a slash and hold no spaces, and ASCII only")
    _between("seconds", seconds, 0, np.inf)
    try:
        body = None if row is None else (row if isinstance(row, str) else json.dumps(row)).encode()
    except (TypeError, ValueError) as error:
        raise TypeError(f"row must be what JSON holds: {error}") from error
    if isinstance(where, FastAPI):
        with ThreadPoolExecutor(1) as pool:  # a notebook has a loop of its own
            status, text = pool.submit(asyncio.run, _within(where, path, body)).result()
    else:
        status, text = _over_http(where + path, body, float(seconds))
    try:
        return status, json.loads(text)
    except ValueError:
        return status, text


def _over_http(url: str, body: bytes | None, seconds: float) -> tuple[int, str]:
    request = Request(url, body, {"Content-Type": "application/json"})  # noqa: S310 - checked above
    here = request.host.split(":")[0] in ("127.0.0.1", "localhost")
    try:
        with _opener(here).open(request, timeout=seconds) as response:
            return response.status, response.read().decode()
    except HTTPError as error:
        with error:
            return error.code, error.read().decode()


@cache  # one reads the certificates of all authorities, which can take 20 ms
def _opener(here: bool) -> OpenerDirector:
    return build_opener(*[ProxyHandler({})] * here)  # a proxy cannot reach this machine


async def _within(app: FastAPI, path: str, body: bytes | None) -> tuple[int, str]:
    sent: list[Any] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body or b""}

    async def send(message: Any) -> None:
        sent.append(message)

    path, _, query = path.partition("?")
    scope = {
        "type": "http", "method": "GET" if body is None else "POST", "path": path,
        "query_string": query.encode(), "headers": [(b"content-type", b"application/json")],
    }  # fmt: skip
    await app(scope, receive, send)
    return sent[0]["status"], b"".join(message.get("body", b"") for message in sent).decode()


def _golden_pairs(golden: str | None) -> list[tuple[Any, Any]]:
    if golden is None:
        return []
    try:
        content = json.loads(golden)
        pairs = list(zip(content["rows"], content["answers"], strict=True))
    except (TypeError, KeyError, RecursionError, ValueError) as error:
        raise ValueError("golden must be JSON with as many rows as answers") from error
    if not pairs:
        raise ValueError("golden must hold at least one row")
    return pairs


def _close(got: Any, expected: Any, tolerance: float) -> bool:
    pair = np.asarray(got), np.asarray(expected)
    kinds = {one.dtype.kind for one in pair}
    if kinds <= set("biuf") and ("f" in kinds or tolerance >= 1):  # float64 merges long ids
        reach = tolerance * (1 + 1e-9)  # 0.31 - 0.3 is 0.01
        return pair[0].shape == pair[1].shape and np.allclose(*pair, rtol=0, atol=reach)
    return bool(got == expected)  # labels


def _cell(value: Any, annotation: Any) -> "pd.Series[Any]":
    # A missing number must be NaN, and text an object: what a column of one null would not be.
    missing = np.nan if value is None else value
    flag = {*get_args(annotation)} == {bool, type(None)}  # beside NaN, pandas keeps it as an object
    return pd.Series([missing], dtype=object if flag or _is_text(annotation) else None)


def _is_text(annotation: Any) -> bool:  # str, Literal["a", "b"], and either of them with None
    return (
        isinstance(annotation, str) or annotation is str or any(map(_is_text, get_args(annotation)))
    )


def _same_columns(name: str, table: pd.DataFrame, model: Any) -> None:
    fitted = getattr(model, "feature_names_in_", None)
    if fitted is not None and list(fitted) != list(table.columns):
        raise ValueError(f"{name} must have the columns of the model, in its order: {list(fitted)}")


def _between(name: str, value: float, low: float, high: float) -> None:
    # 10**400 is below infinity, and no float can hold it.
    if not isinstance(value, Real) or not low < value < high or int(value).bit_length() > 999:
        raise ValueError(f"{name} must be between {low} and {high}, got {value!r}")


def _at_least(name: str, value: float, least: float) -> None:
    # 10**400 is below infinity, and no float can hold it.
    if not isinstance(value, Real) or not least <= value < np.inf or int(value).bit_length() > 999:
        raise ValueError(f"{name} must be a number of at least {least}, got {value!r}")


# --8<-- [end:function]

if __name__ == "__main__":
    # --8<-- [start:demo]
    from pydantic import ConfigDict, Field
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    class Applicant(BaseModel):
        """One request."""

        model_config = ConfigDict(strict=True, extra="forbid", allow_inf_nan=False)
        age: float = Field(ge=18, le=110)
        income: float = Field(ge=0, le=1e7)

    rng = np.random.default_rng(0)
    ages, incomes = rng.uniform(18, 90, 1_000), rng.lognormal(10, 0.6, 1_000)
    table = pd.DataFrame({"age": ages, "income": incomes})
    trained = make_pipeline(StandardScaler().set_output(transform="pandas"), LogisticRegression())
    trained.fit(table, ages / 20 - incomes / 20_000 + rng.logistic(size=1_000) > 1.5)
    rows, notebook = table[:100].to_dict("records"), trained.predict_proba(table[:100])
    golden = json.dumps({"rows": rows[:5], "answers": notebook[:5].tolist()})
    for left, model in {"nothing": trained, "the scaler": trained[-1]}.items():
        app = model_app(model, Applicant)
        with serving(app) as address:
            served = [ask(address, "/predict", row)[1]["answer"] for row in rows]
        differ = np.mean(np.argmax(served, axis=1) != np.argmax(notebook, axis=1))
        ready = ask(model_app(model, Applicant, golden), "/readyz")[0]
        print(f"{left} left behind: {differ:.0%} of the decisions differ; 5 golden rows: {ready}")
        #> nothing left behind: 0% of the decisions differ; 5 golden rows: 200
        #> the scaler left behind: 55% of the decisions differ; 5 golden rows: 503
    status, refused = ask(app, "/predict", {"age": "40", "income": 30_000})
    print(f"age as text: status {status}, {refused['detail'][0]['msg']}")
    #> age as text: status 422, Input should be a valid number
    # --8<-- [end:demo]
