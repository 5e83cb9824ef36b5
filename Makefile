# 常用命令:make help
PORT ?= 8501
N ?= 10000
SEED ?= 0
Q ?= 上个月各分行新增客户数是多少
PACKAGES := semantic_layer metrics assistant evals ui demo
BIN := .venv/bin
BANK := demo/project/bank.duckdb
GENERATOR := $(wildcard demo/*.py demo/schema/*.sql demo/sql/*.sql demo/data/*)
# 例:make test ARGS="tests/metrics -x"
ARGS ?=
export Q
# 有的环境禁止保存编译结果:每个进程都要重新编译所有模块,启动慢好几秒
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help run ask test check fix eval bench fuzz browser demo env dev clean

help: ## 列出所有命令
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' Makefile

run: demo ## 打开问数:准备环境、示例银行,启动网页(PORT=8501)
	@$(BIN)/wenshu serve --port $(PORT)

ask: demo ## 在命令行问一句:make ask Q="上个月各分行新增客户数是多少"
	@$(BIN)/wenshu ask "$$Q"

demo: env $(BANK) ## 建示例银行(已有则跳过)

$(BANK): $(GENERATOR) | env
	@$(BIN)/wenshu demo build --output $@

test: dev ## 跑全部测试(ARGS= 传给 pytest)
	@$(BIN)/python -m pytest $(ARGS)

check: dev ## 格式、风格、类型、层次、口径定义
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/wenshu lint

fix: dev ## 自动整理格式与能自动改的问题
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

eval: demo ## 跑准确率评测
	@$(BIN)/wenshu eval $(ARGS)

bench: demo ## 量速度(打印报告;OUT=docs 写成文件,LARGE=库文件 再比一份大库)
	@$(BIN)/python benchmarks/answer_speed.py $(ARGS) $(if $(OUT),--output $(OUT)/benchmarks.md)
	@$(BIN)/python benchmarks/page_speed.py $(if $(OUT),--output $(OUT)/page_speed.md)
	@$(BIN)/python benchmarks/reading_speed.py $(if $(OUT),--output $(OUT)/reading_speed.md)
	@$(BIN)/python benchmarks/statement_speed.py --database $(BANK) $(if $(LARGE),--database $(LARGE)) $(if $(OUT),--output $(OUT)/sql_speed.md)

fuzz: dev ## 随机提问,与逐行慢算的参照逐一核对(N=次数,SEED=起始种子)
	@$(BIN)/python tests/semantic_layer/reference/fuzz.py --count $(N) --seed $(SEED) $(ARGS)

browser: ## 安装浏览器测试用的 Chromium(Debian 软件包)
	@scripts/browser.sh

env: ## 准备运行环境(.venv)
	@scripts/environment.sh run

dev: ## 准备开发环境(测试与检查工具)
	@scripts/environment.sh dev

clean: ## 删除环境与缓存(不动示例银行和会话记录)
	rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache build dist
	find $(PACKAGES) tests -name __pycache__ -type d -prune -exec rm -rf {} +
