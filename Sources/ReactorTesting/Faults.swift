/// What goes wrong on a simulated loop, and how often: each a chance, from 0 to 1.
///
/// They are what Linux may do at any time. Those of reads and writes change nothing but the pace: a
/// descriptor that is not ready after all, or fewer bytes than could have gone. A spawn that fails
/// has to be coped with by whoever asked for it.
public struct Faults: Equatable, Sendable {
    /// Reads that find nothing, though the descriptor was ready: EAGAIN; less than 1.
    public var blockedReads: Double
    /// Reads that bring only a part.
    public var shortReads: Double
    /// Writes that find no room, though the descriptor was ready: EAGAIN; less than 1.
    public var blockedWrites: Double
    /// Writes that take only a part.
    public var shortWrites: Double
    /// Spawns for which no descriptor is left: EMFILE.
    public var failedSpawns: Double

    /// Each a chance, from 0 to 1.
    public init(
        blockedReads: Double = 0,
        shortReads: Double = 0,
        blockedWrites: Double = 0,
        shortWrites: Double = 0,
        failedSpawns: Double = 0
    ) {
        self.blockedReads = blockedReads
        self.shortReads = shortReads
        self.blockedWrites = blockedWrites
        self.shortWrites = shortWrites
        self.failedSpawns = failedSpawns
    }

    /// Nothing goes wrong.
    public static let none = Faults()

    /// Reads and writes as they are on a bad day; every process starts.
    public static let slowTransfers = Faults(
        blockedReads: 0.3,
        shortReads: 0.3,
        blockedWrites: 0.3,
        shortWrites: 0.3
    )

    /// Whether each is a chance, and none keeps all bytes from ever going.
    var isValid: Bool {
        [blockedReads, blockedWrites].allSatisfy { (0..<1).contains($0) }
            && [shortReads, shortWrites, failedSpawns].allSatisfy { (0...1).contains($0) }
    }
}
