# setup.sh - sourced by ./run and ./test: what must be installed, and the builds. Bash. Uses the machine's own apt and npm
# settings. Every step says what it does; a step that has nothing to do says nothing.

BUILD_PACKAGES="gcc libc6-dev meson ninja-build pkg-config python3 tzdata ca-certificates libjansson-dev libsodium-dev libzstd-dev zlib1g-dev libpq-dev libicu-dev libssl-dev libqrencode-dev liboath-dev libcurl4-openssl-dev libseccomp-dev libexpat1-dev libminizip-dev libfreexl-dev libxlsxwriter-dev"
TEST_PACKAGES="libcmocka-dev zstd postgresql-15 chromium fonts-noto-cjk clang clang-format libclang-rt-14-dev procps"
NODE_MIN="20.19.0"
NODE_PACKAGE="node@20.19.5"

say() { printf '\033[1m==> %s\033[0m\n' "$*"; }
die() {
    printf 'error: %s\n' "$*" >&2
    exit 1
}

# missing_packages NAME...: those not installed
missing_packages() {
    local p
    for p in "$@"; do
        dpkg-query -W -f='${Status}' "$p" 2>/dev/null | grep -q 'ok installed' || printf '%s ' "$p"
    done
}

# need_packages NAME...: installs what is missing (root, or sudo); else names it and stops
need_packages() {
    local missing sudo=""
    command -v dpkg-query >/dev/null || die "this is not a Debian system: install the equivalents of: $*"
    missing=$(missing_packages "$@")
    [ -n "$missing" ] || return 0
    if [ "$(id -u)" != 0 ]; then
        command -v sudo >/dev/null || die "missing packages: ${missing}- install them as root: apt-get install $missing"
        sudo="sudo"
    fi
    say "installing Debian packages: $missing"
    $sudo apt-get update -qq || die "apt-get update failed: look at the machine's package sources"
    # shellcheck disable=SC2086
    $sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >"$CACHE/apt.log" 2>&1 ||
        die "apt-get install failed: see $CACHE/apt.log"
}

version_ge() { [ "$(printf '%s\n%s\n' "$1" "$2" | sort -V | head -n 1)" = "$2" ]; }

# need_node: a node >= 20.19 first in PATH; where the machine's is older (or none), the npm package `node`
need_node() {
    local have=""
    if [ -x "$CACHE/node/node_modules/node/bin/node" ]; then
        PATH="$CACHE/node/node_modules/node/bin:$PATH"
    fi
    command -v node >/dev/null && have=$(node --version | tr -d v)
    if [ -n "$have" ] && version_ge "$have" "$NODE_MIN" && command -v npm >/dev/null; then
        return 0
    fi
    command -v npm >/dev/null || need_packages npm
    say "installing node (npm package $NODE_PACKAGE; here is ${have:-none})"
    mkdir -p "$CACHE/node"
    (cd "$CACHE/node" && npm install --no-audit --no-fund --no-save --loglevel=error "$NODE_PACKAGE") ||
        die "npm could not install $NODE_PACKAGE: look at the machine's npm settings"
    PATH="$CACHE/node/node_modules/node/bin:$PATH"
    version_ge "$(node --version | tr -d v)" "$NODE_MIN" || die "node is still older than $NODE_MIN"
}

# npm_ci DIR: npm ci there unless node_modules is that of the lock file
npm_ci() {
    local stamp="$1/node_modules/.guanxi-lock"
    cmp -s "$1/package-lock.json" "$stamp" && return 0
    say "npm packages of ${1#"$ROOT"/}"
    (cd "$1" && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error) || die "npm ci failed in $1"
    cp "$1/package-lock.json" "$stamp"
}

# SQLite's source: the amalgamation inside the npm package better-sqlite3
need_sqlite() {
    mkdir -p "$CACHE/deps"
    cmp -s "$ROOT/tools/deps/package-lock.json" "$CACHE/deps/package-lock.json" || cp "$ROOT"/tools/deps/package*.json "$CACHE/deps/"
    npm_ci "$CACHE/deps"
    [ -f "$CACHE/deps/node_modules/better-sqlite3/deps/sqlite3/sqlite3.c" ] || die "the npm package better-sqlite3 holds no amalgamation"
}

# The web application, built when its sources are newer than the result
build_web() {
    [ -f "$ROOT/web/package.json" ] || return 0
    local stamp="$ROOT/web/dist/.built"
    if [ -f "$stamp" ] && [ -z "$(find "$ROOT/web" -path "$ROOT/web/node_modules" -prune -o -path "$ROOT/web/dist" -prune -o -type f -newer "$stamp" -print -quit)" ]; then
        return 0
    fi
    npm_ci "$ROOT/web"
    say "building the web application"
    (cd "$ROOT/web" && npm run --silent build) >"$CACHE/web-build.log" 2>&1 || {
        tail -n 30 "$CACHE/web-build.log"
        die "the web application does not build"
    }
    touch "$stamp"
}

# build_program DIR MESON-OPTIONS...: configures once, then builds
build_program() {
    local dir="$1"
    shift
    if [ ! -f "$ROOT/$dir/build.ninja" ]; then
        say "configuring $dir"
        (cd "$ROOT" && meson setup "$dir" "$@") >"$CACHE/$dir-setup.log" 2>&1 || {
            tail -n 20 "$CACHE/$dir-setup.log"
            die "meson setup failed"
        }
    fi
    if ! ninja -C "$ROOT/$dir" -n 2>/dev/null | grep -q 'no work to do'; then
        say "building $dir (the first time takes about two minutes)"
        if [ -t 1 ]; then
            ninja -C "$ROOT/$dir" || die "the build failed"
        else
            ninja -C "$ROOT/$dir" >"$CACHE/$dir-ninja.log" 2>&1 || {
                tail -n 40 "$CACHE/$dir-ninja.log"
                die "the build failed"
            }
        fi
    fi
}
