#!/usr/bin/env bash
# Installs Chromium and Chinese fonts for the browser tests (Debian packages); nothing to do when present.
set -euo pipefail

have_font() { [ -n "$(find /usr/share/fonts -iname 'NotoSansCJK*' -print -quit 2>/dev/null)" ]; }
if command -v chromium >/dev/null && command -v chromedriver >/dev/null && have_font; then
    exit 0
fi
if ! command -v apt-get >/dev/null; then
    echo "浏览器测试需要 Chromium。这台机器没有 apt,请自行安装 chromium、chromedriver 和中文字体(Noto CJK)。" >&2
    exit 1
fi
root=()
if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null || { echo "安装 Chromium 需要管理员权限:请以 root 运行 make browser。" >&2; exit 1; }
    root=(sudo)
fi
export DEBIAN_FRONTEND=noninteractive
echo "正在安装 Chromium 与中文字体……" >&2
${root[@]+"${root[@]}"} apt-get update -qq
${root[@]+"${root[@]}"} apt-get install -y -qq --no-install-recommends chromium chromium-driver fonts-noto-cjk >/dev/null
chromium --version
