#!/usr/bin/env bash
# Brings .venv to the state of uv.lock: `environment.sh run` (the product) or `dev` (tests and checks too).
# Returns at once when nothing changed. Needs only Python >= 3.11 with pip; follows pip's configured mirror.
set -euo pipefail
cd "$(dirname "$0")/.."

level="${1:-run}"
venv="$PWD/.venv"
stamp="$venv/.wenshu-$level"
state="$(cat pyproject.toml uv.lock scripts/environment.sh | cksum) $PWD"

fresh() { [ -x "$venv/bin/wenshu" ] && [ "$(cat "$1" 2>/dev/null)" = "$state" ]; }
if fresh "$venv/.wenshu-dev" || fresh "$stamp"; then exit 0; fi

say() { printf '%s\n' "$*" >&2; }
fail() { say "无法准备运行环境:$*"; exit 1; }

new_enough() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; }

find_python() {
    local candidate
    for candidate in ${PYTHON:-} python3 python python3.13 python3.12 python3.11 python3.14; do
        if new_enough "$candidate"; then command -v "$candidate"; return; fi
    done
    fail "没有找到 Python 3.11 或更新的版本。请先安装(例如 apt install python3 python3-venv,或 https://www.python.org/downloads/),也可以用 make run PYTHON=/路径/python3.12 指定。"
}

make_venv() {
    local python="$1"
    rm -rf "$venv"
    "$python" -m venv "$venv" >/dev/null 2>&1 && return
    # Debian ships venv without ensurepip unless python3-venv is installed; pip can serve both.
    rm -rf "$venv"
    "$python" -m venv --without-pip "$venv" || fail "建立虚拟环境失败。请先安装 python3-venv(例如 apt install python3-venv)。"
    "$python" -m pip --python "$venv/bin/python" install --quiet pip ||
        fail "这个 Python 没有 pip。请先安装 python3-venv 或 python3-pip(例如 apt install python3-venv)。"
}

# pip's settings name the mirror that works here; uv does not read them by itself.
pip_setting() { "$venv/bin/python" -m pip config get "global.$1" 2>/dev/null || true; }

install_locked() {
    local requirements="$venv/requirements-$level.txt" mirror
    local extras=()
    [ "$level" = dev ] && extras=(--all-extras)
    "$venv/bin/uv" export --quiet --frozen --no-emit-project --no-header ${extras[@]+"${extras[@]}"} \
        --output-file "$requirements" >/dev/null

    mirror="${PIP_INDEX_URL:-$(pip_setting index-url)}"
    if [ -n "$mirror" ] && [ -z "${UV_DEFAULT_INDEX:-}${UV_INDEX_URL:-}" ]; then
        export UV_DEFAULT_INDEX="$mirror"
    fi
    export VIRTUAL_ENV="$venv" UV_PYTHON_DOWNLOADS=never UV_SYSTEM_CERTS="${UV_SYSTEM_CERTS:-1}"
    export UV_HTTP_TIMEOUT="${UV_HTTP_TIMEOUT:-120}" # slow mirrors
    if "$venv/bin/uv" pip install --require-hashes --requirement "$requirements" &&
        "$venv/bin/uv" pip install --quiet --no-deps --editable .; then
        return
    fi
    say "uv 没有装成,改用 pip(较慢)……"
    "$venv/bin/python" -m pip install --require-hashes --requirement "$requirements" &&
        "$venv/bin/python" -m pip install --quiet --no-deps --editable .
}

usable() { # exists, runs, has pip, and was not moved here from another folder
    new_enough "$venv/bin/python" && "$venv/bin/python" -m pip --version >/dev/null 2>&1 &&
        grep -qF "$venv" "$venv/bin/activate"
}

if ! usable; then
    python="$(find_python)"
    say "正在准备运行环境(首次约一分钟,取决于网速):$("$python" --version)"
    make_venv "$python"
else
    say "正在更新运行环境……"
fi
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check 'uv>=0.9' ||
    fail "下载安装工具失败。请检查网络,或用 pip config set global.index-url 指定可用的镜像。"
install_locked || fail "安装依赖失败。请检查网络或镜像后重试;上面几行是原因。"
printf '%s' "$state" >"$stamp"
