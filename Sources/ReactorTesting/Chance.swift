internal import SystemTypes

extension SplitMix64 {
    /// - Parameter chance: 0 for never, 1 for always.
    mutating func happens(_ chance: Double) -> Bool {
        chance > 0 && Double.random(in: 0..<1, using: &self) < chance
    }
}
