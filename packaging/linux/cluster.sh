# A marketplace on loopback for people to try: what `./dev cluster` does. Read by ./dev, whose functions it uses.
# shellcheck shell=bash

# The two machines of the coordinator, by number: its folder, and its ports for clients and for operations.
machineName=('' coordinator stand-in)
machinePort=('' 7340 7343)
machineHealth=('' 7350 7353)
databasePort=('' 7360 7361)

# serverCard PROGRAM NAME: the keys of that server, as lines of others' settings.
serverCard() { "build/release/bin/$1" --config "$cluster/$2.toml" --card; }

# serverTable TABLE ADDRESS CARD: one server, as a table of another's settings.
serverTable() { printf '\n[%s]\naddress = "%s"\n%s\n' "$1" "$2" "$3"; }

# serverSettings NAME PORT HEALTH-PORT: the beginning of its settings.
serverSettings() {
    printf 'folder = "%s"\nlisten = "127.0.0.1:%s"\n\n[operations]\nlisten = "127.0.0.1:%s"\n' \
        "$cluster/$1" "$2" "$3" >"$cluster/$1.toml"
}

# startServer PROGRAM NAME [WORD]: waits until its log has the word.
startServer() {
    "build/release/bin/$1" --config "$cluster/$2.toml" >"$cluster/$2.log" 2>&1 &
    servers+=($!)
    for _ in {1..300}; do
        if grep -q " ${3:-listening}\b" "$cluster/$2.log"; then
            say "$2: process ${servers[-1]}"
            return
        fi
        kill -0 "${servers[-1]}" 2>/dev/null || break
        sleep 0.1
    done
    cat "$cluster/$2.log" >&2
    fail "cluster: $2 does not start"
}

# --- the two databases ------------------------------------------------------------------------------------------------

# asDatabaseUser COMMAND...: PostgreSQL refuses root.
asDatabaseUser() {
    if (($(id -u) == 0)); then
        setpriv --reuid postgres --regid postgres --clear-groups -- "$@"
    else
        "$@"
    fi
}

databaseFolder() { printf '%s/database-%s' "$cluster" "$1"; }
# onDatabase NUMBER SQL
onDatabase() { psql -XqtA -h 127.0.0.1 -p "${databasePort[$1]}" -U tallylock -d postgres -v ON_ERROR_STOP=1 -c "$2"; }
isReplica() { [[ -e $(databaseFolder "$1")/standby.signal ]]; }
# Grows with each promotion: of it, or of whom it comes from.
timelineOf() {
    local newest
    newest=$(find "$(databaseFolder "$1")/pg_wal" -name '*.history' -printf '%f\n' | sort | tail -n 1)
    newest=${newest%.history}
    printf '%d' "$((16#${newest:-1}))"
}

# emptyFolder PATH: of the database's user alone.
emptyFolder() {
    rm -rf -- "$1"
    mkdir -m 700 -- "$1"
    (($(id -u) != 0)) || chown postgres: -- "$1"
}

# startDatabase NUMBER
startDatabase() {
    local folder
    folder=$(databaseFolder "$1")
    (
        cd -- "$folder" || exit
        asDatabaseUser test -r PG_VERSION || fail "cluster: the user postgres cannot read $folder: choose another folder"
        asDatabaseUser "$postgres/postgres" -D "$folder" -p "${databasePort[$1]}"
    ) >"$cluster/database-$1.log" 2>&1 &
    waiting+=($!)
    for _ in {1..300}; do
        if "$postgres/pg_isready" -q -h 127.0.0.1 -p "${databasePort[$1]}"; then
            databases+=("$(head -n 1 "$folder/postmaster.pid")")
            say "database-$1: process ${databases[-1]}"
            return
        fi
        kill -0 "${waiting[-1]}" 2>/dev/null || break
        sleep 0.1
    done
    cat "$cluster/database-$1.log" >&2
    fail "cluster: database-$1 does not start"
}

# makeReplica NUMBER OF
makeReplica() {
    local folder
    folder=$(databaseFolder "$1")
    emptyFolder "$folder"
    (cd / && asDatabaseUser "$postgres/pg_basebackup" -D "$folder" -h 127.0.0.1 -p "${databasePort[$2]}" \
        -U tallylock -R -X stream)
    printf "primary_conninfo = 'host=127.0.0.1 port=%s user=tallylock application_name=standby'\n" \
        "${databasePort[$2]}" >>"$folder/postgresql.auto.conf"
    # It goes on alone when it is promoted.
    printf "synchronous_standby_names = ''\n" >>"$folder/postgresql.auto.conf"
}

# Starts both, the one that leads as `leader` and the other one, its synchronous standby, as `follower`.
startDatabases() {
    postgres=$(dirname -- "$(find /usr/lib/postgresql -name initdb | sort -V | tail -n 1)")
    leader=1 follower=2
    local one two
    one=$(databaseFolder 1) two=$(databaseFolder 2)
    if [[ ! -e $one/PG_VERSION && ! -e $two/PG_VERSION ]]; then
        emptyFolder "$one"
        (cd / && asDatabaseUser "$postgres/initdb" -D "$one" -U tallylock -A trust -E UTF8 --locale=C) >/dev/null
        printf '%s\n' "listen_addresses = '127.0.0.1'" "unix_socket_directories = ''" 'wal_level = replica' \
            'max_wal_senders = 4' 'hot_standby = on' >>"$one/postgresql.auto.conf"
    elif [[ -e $two/PG_VERSION ]] && ! isReplica 2; then
        # Promoted, now or at some time before the other one was.
        if isReplica 1 || (($(timelineOf 2) > $(timelineOf 1))); then leader=2 follower=1; fi
    fi
    startDatabase $leader
    onDatabase $leader "ALTER SYSTEM SET synchronous_standby_names TO ''"
    onDatabase $leader 'SELECT pg_reload_conf()' >/dev/null
    if ! isReplica $follower; then makeReplica $follower $leader; fi
    startDatabase $follower
    onDatabase $leader "ALTER SYSTEM SET synchronous_standby_names TO 'standby'"
    onDatabase $leader 'SELECT pg_reload_conf()' >/dev/null
    for _ in {1..200}; do
        [[ $(onDatabase $leader 'SELECT sync_state FROM pg_stat_replication') != sync ]] || return 0
        sleep 0.1
    done
    fail "cluster: database-$follower does not follow database-$leader"
}

# --- the servers ------------------------------------------------------------------------------------------------------

stopCluster() {
    trap '' INT TERM
    kill "${servers[@]}" "${desktops[@]}" 2>/dev/null || true
    wait "${servers[@]}" "${desktops[@]}" 2>/dev/null || true
    kill -INT "${databases[@]}" 2>/dev/null || true # without waiting for whoever is connected
    wait
}

# coordinatorSettings NUMBER: but for what the servers know of each other.
coordinatorSettings() {
    local name=${machineName[$1]} mirrored=0
    serverSettings "$name" "${machinePort[$1]}" "${machineHealth[$1]}"
    printf '\n[files]\nkind = "folder"\nfolder = "%s/files"\n' "$cluster" >>"$cluster/$name.toml"
    (($1 != leader)) || mirrored=1
    printf '\n[postgres]\nconnection = "host=127.0.0.1 port=%s user=tallylock dbname=postgres connect_timeout=10"\n' \
        "${databasePort[$1]}" >>"$cluster/$name.toml"
    printf 'needs_standby = %s\n' "$mirrored" >>"$cluster/$name.toml"
    ((mirrored)) || printf '\n[standby]\nwatch = "127.0.0.1:%s"\ntakeover_after_s = 5\n' \
        "${machinePort[$leader]}" >>"$cluster/$name.toml"
}

runCluster() {
    local form=postgres addresses=127.0.0.1:7340 coordinators=(coordinator) first=coordinator name
    local keyCard standbyCard ownCard identity
    if [[ ${1:-} == --sqlite ]]; then
        form=sqlite
        shift
    fi
    (($# <= 1)) && [[ ${1:-} != -* ]] || fail "cluster: takes --sqlite and one folder (see ./dev cluster --help)"
    cluster=${1:-build/cluster}
    mkdir -p "$cluster"
    cluster=$(cd -- "$cluster" && pwd)
    # A folder goes on in the form that it began with.
    if [[ -e $cluster/coordinator/journal.sqlite ]]; then
        [[ $form == sqlite ]] || say "$cluster has its journals in files: no database, as with --sqlite"
        form=sqlite
    elif [[ $form == sqlite && -e $cluster/database-1 ]]; then
        fail "cluster: $cluster has its journals in a database: choose another folder"
    fi
    if [[ $form == postgres ]]; then install all cluster; else install all; fi
    releasePrograms
    servers=() databases=() waiting=() desktops=()
    trap stopCluster EXIT
    if [[ $form == postgres ]]; then
        startDatabases
        coordinatorSettings 1
        coordinatorSettings 2
        first=${machineName[$leader]}
        coordinators=("$first" "${machineName[$follower]}")
        addresses='127.0.0.1:7340, 127.0.0.1:7343'
    else
        serverSettings coordinator 7340 7350
    fi
    serverSettings keyserver 7341 7351
    serverSettings standby 7342 7352
    ownCard=$(serverCard tallylockd "$first")
    keyCard=$(serverCard tallylock-keyserver keyserver)
    standbyCard=$(serverCard tallylock-keyserver standby)
    for name in "${coordinators[@]}"; do
        serverTable key_server 127.0.0.1:7341 "$keyCard" >>"$cluster/$name.toml"
        serverTable standby_key_server 127.0.0.1:7342 "$standbyCard" >>"$cluster/$name.toml"
    done
    identity=$(grep '^identity' <<<"$ownCard")
    for name in keyserver standby; do serverTable coordinator "$addresses" "$identity" >>"$cluster/$name.toml"; done
    startServer tallylock-keyserver keyserver
    startServer tallylock-keyserver standby
    startServer tallylockd "$first"
    if [[ $form == postgres ]]; then
        name=${machineName[$follower]}
        mkdir -p -m 700 "$cluster/$name"
        [[ -e $cluster/$name/identity ]] || cp -p "$cluster/$first"/{identity,arbiter,practice-seed} "$cluster/$name/"
        startServer tallylockd "$name" standby
    fi
    say "The coordinator is at $addresses. Its fingerprint is"
    grep '^#' <<<"$ownCard"
    if [[ -z ${DISPLAY:-}${WAYLAND_DISPLAY:-} ]]; then
        say "No display: the servers run until Ctrl-C"
        wait "${servers[@]}" || true
        return
    fi
    for name in seller buyer; do
        mkdir -p "$cluster/$name"
        {
            serverTable coordinator "$addresses" "$identity"
            serverTable key_server 127.0.0.1:7341 "$(grep '^identity' <<<"$keyCard")"
            serverTable standby_key_server 127.0.0.1:7342 "$(grep '^identity' <<<"$standbyCard")"
            printf '\n[practice]\nis_on = 1\n'
        } >"$cluster/$name/coordinator.toml"
        build/release/bin/tallylock --datadir "$cluster/$name" &
        desktops+=($!)
    done
    say "Two desktops: make a profile in each, list a file in one and buy it in the other"
    wait "${desktops[@]}"
}
