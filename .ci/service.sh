# Functions for scripts that start the service. Sourced, not run.

# Waits until the service at a URL is ready: wait_for_service <url> <process id>.
wait_for_service() {
  wait_for_page "$1/readyz" "$2"
}

# Waits until a process serves a URL: wait_for_page <url> <process id>. Fails if the process ends first, or after three minutes.
wait_for_page() {
  for _ in $(seq 1800); do
    if curl -sf --max-time 20 "$1" >/dev/null; then return; fi
    if ! kill -0 "$2" 2>/dev/null; then break; fi
    sleep 0.1
  done
  echo "nothing serves $1" >&2
  return 1
}

# Waits until a process, or with a minus before its id a process group, has ended: wait_for_end <id> <seconds>. Fails if it has not.
wait_for_end() {
  for _ in $(seq $(($2 * 10))); do
    if ! kill -0 -- "$1" 2>/dev/null; then return; fi
    sleep 0.1
  done
  return 1
}

# Kills the process group whose leader's id is in a file, if there is one: kill_group <file>.
kill_group() {
  if [ -f "$1" ]; then kill -KILL -- "-$(cat "$1")" 2>/dev/null || true; fi
}

# Prints unused ports: free_ports <number>.
free_ports() {
  node -e '
    const servers = Array.from({ length: Number(process.argv[1]) }, () => require("node:net").createServer().listen(0, "127.0.0.1"));
    setTimeout(() => { console.log(servers.map((each) => each.address().port).join(" ")); process.exit(); }, 100);
  ' "$1"
}
