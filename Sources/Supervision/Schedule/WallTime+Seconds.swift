import SystemTypes

extension WallTime {
    init(wholeSeconds seconds: Int64) {
        self.init(nanoseconds: seconds * 1_000_000_000)
    }

    /// Since 1970, UTC; what is over the second is left out, before 1970 as well.
    var wholeSeconds: Int64 {
        let (seconds, rest) = nanoseconds.quotientAndRemainder(dividingBy: 1_000_000_000)
        return rest < 0 ? seconds - 1 : seconds
    }
}
