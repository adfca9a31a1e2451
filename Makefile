# Thin: each line is a command you could type. README.md lists them for people without make.
PYTHON ?= python3
RUN := .venv/bin/python
export NO_MKDOCS_2_WARNING := 1

.PHONY: serve build test update lock bench

serve:  ## read the site, with live reload
	@$(PYTHON) tools/bootstrap.py site
	$(RUN) -m mkdocs serve --livereload

build:  ## build the site into site/; executes the story, hence all libraries
	@$(PYTHON) tools/bootstrap.py test
	$(RUN) -m mkdocs build --clean

test:  ## check everything
	@$(PYTHON) tools/bootstrap.py test
	$(RUN) -m pytest -n auto

update:  ## regenerate output lines, figures, footnotes, the claims page
	@$(PYTHON) tools/bootstrap.py test
	$(RUN) -m tools.update

lock:  ## compile the locked requirements from pyproject.toml (asks the package index)
	@$(PYTHON) tools/bootstrap.py test
	$(RUN) -m tools.lock

bench:  ## print the budgets with today's figures
	@$(PYTHON) tools/bootstrap.py test
	$(RUN) -m tools.bench
