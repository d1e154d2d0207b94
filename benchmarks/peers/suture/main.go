// The benchmark protocol on Go's suture.
package main

func main() {
	args := parse()
	run, found := map[string]func(Args) Report{
		"lifecycle_batch":  lifecycleBatch,
		"lifecycle_window": lifecycleWindow,
		"lifecycle_single": lifecycleSingle,
		"add_single":       addSingle,
		"idle":             idle,
		"shutdown":         shutdown,
		"cancel":           cancelAll,
		"restart_one":      restartOne,
		"restart_storm":    restartStorm,
		"timer_accuracy":   timerAccuracy,
		"list":             list,
	}[args.workload]
	if !found {
		unknown("not a workload here: " + args.workload)
	}
	run(args).print(args)
}
