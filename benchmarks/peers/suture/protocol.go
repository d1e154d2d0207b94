package main

import (
	"fmt"
	"os"
	"slices"
	"sort"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"time"
)

var keys = []string{"api", "backoff_ms", "body", "kind", "policy", "slots",
	"subscribers", "threads"}

// Args are `<workload> <n> [<key>=<value>]...`.
type Args struct {
	workload string
	n        int
	params   map[string]string
}

func parse() Args {
	if len(os.Args) < 3 {
		unknown("usage: run <workload> <n> [<key>=<value>]...")
	}
	args := Args{os.Args[1], number("n", os.Args[2]), map[string]string{}}
	for _, word := range os.Args[3:] {
		key, value, found := strings.Cut(word, "=")
		if !found || !slices.Contains(keys, key) {
			unknown("not <key>=<value> with a known key: " + word)
		}
		args.params[key] = value
	}
	return args
}

func number(key, text string) int {
	value, err := strconv.Atoi(text)
	if err != nil || value < 0 {
		unknown(key + " is not a count: " + text)
	}
	return value
}

func (a Args) text(key, otherwise string) string {
	if value, found := a.params[key]; found {
		return value
	}
	return otherwise
}

func (a Args) count(key string, otherwise int) int {
	return number(key, a.text(key, strconv.Itoa(otherwise)))
}

// warmUp is how many items the unmeasured first turn has.
func (a Args) warmUp() int { return min(a.n/10, 1000) }

// unknown ends the program: what was asked is not of the protocol.
func unknown(what string) { fail(2, what) }

// absent ends the program: these parameters have no counterpart.
func absent(why string) { fail(3, why) }

func fail(code int, what string) {
	fmt.Fprintln(os.Stderr, what)
	os.Exit(code)
}

func check(what string, got, expected int) {
	if got != expected {
		fmt.Fprintf(os.Stderr, "wrong result: %s: %d instead of %d\n", what, got, expected)
		os.Exit(1)
	}
}

// Report is what the measured section took.
type Report struct {
	ops       int
	wall, cpu time.Duration
	extra     string
}

func section(n int, run func()) Report {
	cpu, begin := cpuTime(), time.Now()
	run()
	return Report{ops: n, wall: time.Since(begin), cpu: cpuTime() - cpu}
}

func (r Report) percentiles(samples []time.Duration) Report {
	sort.Slice(samples, func(i, j int) bool { return samples[i] < samples[j] })
	at := func(q float64) float64 {
		return samples[min(len(samples)-1, int(q*float64(len(samples))))].Seconds()
	}
	r.extra += fmt.Sprintf(`,"p50_s":%.9f,"p99_s":%.9f`, at(0.50), at(0.99))
	return r
}

func (r Report) perItem(before int) Report {
	growth := max(0, residentBytes()-before)
	r.extra += fmt.Sprintf(`,"bytes_per_item":%.1f`, float64(growth)/float64(r.ops))
	return r
}

func (r Report) print(args Args) {
	var params []string
	for key, value := range args.params {
		params = append(params, fmt.Sprintf("%q:%q", key, value))
	}
	sort.Strings(params)
	fmt.Printf(`{"workload":%q,"impl":"suture","n":%d,"params":{%s},"ops":%d,`+
		`"wall_s":%.9f,"cpu_s":%.6f,"peak_bytes":%d%s}`+"\n",
		args.workload, args.n, strings.Join(params, ","), r.ops,
		r.wall.Seconds(), r.cpu.Seconds(), memory("VmHWM:"), r.extra)
}

func residentBytes() int { return memory("VmRSS:") }

func memory(field string) int {
	status, _ := os.ReadFile("/proc/self/status")
	_, rest, _ := strings.Cut(string(status), field)
	kilobytes, _ := strconv.Atoi(strings.Fields(rest)[0])
	return kilobytes * 1024
}

func cpuTime() time.Duration {
	var usage syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &usage)
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

// Goal tells by its channel that it was hit often enough.
type Goal struct {
	left    atomic.Int64
	reached chan struct{}
}

func newGoal(goal int) *Goal {
	g := &Goal{reached: make(chan struct{})}
	g.left.Store(int64(goal))
	if goal == 0 {
		close(g.reached)
	}
	return g
}

func (g *Goal) hit() {
	if g.left.Add(-1) == 0 {
		close(g.reached)
	}
}

func (g *Goal) wait() { <-g.reached }
