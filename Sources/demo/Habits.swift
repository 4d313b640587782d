import Glibc

/// Says each second what has been done; stops at once when told to, as most programs do.
func work() -> Never {
    var done = 0
    while true {
        let parcels = Int.random(in: 1...9)
        done += parcels
        say("packed \(parcels) parcels, \(done) so far")
        sleep(1)
    }
}

/// Runs for a while and then dies as programs do: by an error of its own, or by the kernel's hand.
func crashSoon() -> Never {
    let seconds = UInt32.random(in: 5...15)
    say("all is well, for \(seconds) s or so")
    sleep(seconds)
    if Bool.random() { leave("cannot go on: out of luck", status: 3) }
    // What the kernel does when memory runs out. Unlike SIGSEGV it leaves no core file behind.
    say("this is going to hurt")
    kill(getpid(), SIGKILL)
    preconditionFailure("survived SIGKILL")
}

/// Has three seconds of tidying up to do when it is told to stop.
func stopSlowly() -> Never {
    var stop = sigset_t()
    sigemptyset(&stop)
    sigaddset(&stop, SIGTERM)
    // Blocked, so that the signal waits for `sigwait` and does not kill.
    sigprocmask(SIG_BLOCK, &stop, nil)
    say("up; I take my time to stop")
    var signal: CInt = 0
    sigwait(&stop, &signal)
    for seconds in [3, 2, 1] {
        say("stopping: done in \(seconds) s")
        sleep(1)
    }
    say("stopped")
    exit(0)
}
