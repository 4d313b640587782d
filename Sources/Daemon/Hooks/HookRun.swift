/// A hook that runs.
struct HookRun {
    let title: String
    let program: String
    let errand: Errand
    /// `nil` where a daemon began it that did not read it.
    let output: HookOutput?

    init(_ title: String, _ program: String, _ errand: Errand, _ output: HookOutput?) {
        self.title = title
        self.program = program
        self.errand = errand
        self.output = output
    }

    /// `nil` once it has ended.
    func state(_ luggage: Luggage) -> HookState? {
        errand.state(luggage).map { errand in
            HookState(
                title: title,
                program: program,
                errand: errand,
                output: output?.descriptor.map(luggage.pack)
            )
        }
    }
}
