# Thin: each line is a command you could type. README.md lists them for people without make.
PYTHON ?= python3
RUN := .venv/bin/python
export NO_MKDOCS_2_WARNING := 1

.PHONY: serve build test test-lowest test-newest successor links rehearse page check fix update lock mutants bench

serve:  ## read the site, with live reload
	@$(PYTHON) tools/bootstrap.py site
	$(RUN) -m mkdocs serve --livereload

build:  ## build the site into site/
	@$(PYTHON) tools/bootstrap.py site
	$(RUN) -m mkdocs build --clean

test:  ## check everything
	@$(PYTHON) tools/bootstrap.py test
	$(RUN) -m pytest -n auto --dist loadgroup  # the pages are parsed once, in one process

# The ends of what the headers promise: the oldest and the newest versions that have a wheel for this Python.
ENDS_lowest := lowest-direct
ENDS_newest := highest
test-lowest test-newest: test-%:  ## run snippets and claims on the oldest, or newest, versions that the headers promise
	@$(PYTHON) tools/bootstrap.py test
	$(RUN) -m uv venv --quiet --clear --python $(RUN) .venv-$*
	$(RUN) -m uv pip install --quiet --python .venv-$* --only-binary :all: --resolution $(ENDS_$*) --group suite
	.venv-$*/bin/python -m pytest -n auto --ignore tests/house --ignore tests/proof --ignore tests/story tests
	.venv-$*/bin/python -m proof.outputs

# Pages and anchors by MkDocs and by another generator: what a successor drops without a word is a line of the diff.
HEADINGS := grep -roE '<h[1-6] id="[^"]+"' --include '*.html' .
successor:  ## build with a successor of MkDocs and compare pages and anchors: make successor GENERATOR=properdocs
	@$(PYTHON) tools/bootstrap.py test
	$(RUN) -m mkdocs build --clean && (cd site && $(HEADINGS) | sort) > .venv/ours.txt
	$(RUN) -m uv run --no-project --isolated --with-requirements requirements.txt --with $(GENERATOR) $(GENERATOR) build --clean -f mkdocs.yml
	(cd site && $(HEADINGS) | sort) | diff .venv/ours.txt -

links:  ## ask every address of other sites that the pages link to (needs the network)
	@$(PYTHON) tools/bootstrap.py test
	$(RUN) -m mkdocs build --clean
	$(RUN) -m uv tool run linkchecker --check-extern --no-status --no-warnings --ignore-url '^http://127\.0\.0\.1' site/reference/sources/index.html site/index.html

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

lock:  ## compile the locks, hashes included (asks the package index); raise pins: make lock UPGRADE=numpy, UPGRADE=all
	@test -e .venv/bin/uv || $(PYTHON) tools/bootstrap.py test  # not more: what cannot be installed yet is why you lock
	$(RUN) -m tools.lock $(UPGRADE)

rehearse:  ## run what the workflows run, in a fresh clone of the last commit with a bare environment
	@$(PYTHON) tools/bootstrap.py test
	$(RUN) -m tools.rehearse

mutants:  ## break each snippet's function on purpose; ARGS: snippets or sections
	@$(PYTHON) tools/bootstrap.py test
	$(RUN) -m tools.mutants $(ARGS)

bench:  ## print the budgets with today's figures, or what pages cost: make bench PAGE=calibration
	@$(PYTHON) tools/bootstrap.py test
	$(RUN) -m tools.bench $(PAGE)
