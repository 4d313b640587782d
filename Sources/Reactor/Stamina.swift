/// Counts what a task has done without having to wait.
///
/// Where the other side is as fast as the task, the two would have the loop to themselves: a timer, a
/// signal or a stop would never have its turn.
struct Stamina {
    private static let max = 16

    private var spent = 0

    mutating func rest() {
        spent = 0
    }

    /// - Returns: Whether it is time to give way, which counts as a rest.
    mutating func isSpent() -> Bool {
        spent += 1
        guard spent >= Stamina.max else { return false }
        rest()
        return true
    }
}
