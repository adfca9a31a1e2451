# Thin: each line is a command you could type. README.md lists them for people without make.
PYTHON ?= python3
RUN := .venv/bin/python
export NO_MKDOCS_2_WARNING := 1

.PHONY: serve build test test-lowest test-newest page check fix update lock mutants bench

serve:  ## read the site, with live reload
	@$(PYTHON) tools/bootstrap.py site
	$(RUN) -m mkdocs serve --livereload

build:  ## build the site into site/
	@$(PYTHON) tools/bootstrap.py site
	$(RUN) -m mkdocs build --clean

test:  ## check everything
	@$(PYTHON) tools/bootstrap.py test
	$(RUN) -m pytest -n auto

test-lowest test-newest: test-%:  ## run snippets and claims on the oldest, or newest, versions that the headers promise
	@$(PYTHON) tools/bootstrap.py test
	$(RUN) -m tools.radar $*

page:  ## write a page that passes every check: make page SECTION=data NAME=my-page
	@$(PYTHON) tools/bootstrap.py test
	$(RUN) -m tools.scaffold "$(SECTION)" "$(NAME)"

check:  ## check while writing, in seconds: make check PAGE=my-page
	@$(PYTHON) tools/bootstrap.py test
	$(RUN) -m proof check $(PAGE)

fix:  ## mend what can be mended mechanically, and update: make fix PAGE=my-page
	@$(PYTHON) tools/bootstrap.py test
	$(RUN) -m proof fix $(PAGE)

update:  ## regenerate output lines, figures, executed notebooks, footnotes, the claims page
	@$(PYTHON) tools/bootstrap.py test
	$(RUN) -m proof update $(PAGE)

lock:  ## compile the locked requirements from pyproject.toml (asks the package index)
	@$(PYTHON) tools/bootstrap.py test
	$(RUN) -m tools.lock

mutants:  ## break each snippet's function on purpose; ARGS: sections, files, --sample N
	@$(PYTHON) tools/bootstrap.py test
	$(RUN) -m tools.mutants $(ARGS)

bench:  ## print the budgets with today's figures
	@$(PYTHON) tools/bootstrap.py test
	$(RUN) -m tools.bench
