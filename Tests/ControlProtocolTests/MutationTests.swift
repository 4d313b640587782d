import ControlProtocol
import FuzzTargets
import Testing

/// Strangers' bytes meet a process that runs as root here, so whatever comes must be refused or
/// understood, and never crash.
@Suite struct MutationTests {
    @Test(arguments: UInt64(0)..<8)
    func `no damage to a stream of calls does more than end it`(seed: UInt64) {
        var random = Random(state: seed)
        var understood = 0
        for _ in 0..<500 {
            let stream = damaged(Samples.calls.shuffled(using: &random), using: &random)
            understood += read(stream, using: &random)
        }
        // Damage that spared nothing would test only the first check.
        #expect(understood > 100)
    }

    private func damaged(_ calls: [Sample], using random: inout Random) -> [UInt8] {
        var bytes = calls.prefix(3).flatMap(\.bytes)
        for _ in 0..<Int.random(in: 0...6, using: &random) {
            let place = Int.random(in: 0..<bytes.count, using: &random)
            switch Int.random(in: 0..<5, using: &random) {
            case 0: bytes[place] = UInt8.random(in: 0...255, using: &random)
            case 1: bytes.remove(at: place)
            case 2: bytes.insert(UInt8.random(in: 0...255, using: &random), at: place)
            case 3: bytes.insert(contentsOf: bytes[place...].prefix(40), at: place)
            default: bytes.insert(contentsOf: Array(#"{"[]":-1e999,"\ud800"#.utf8), at: place)
            }
            if bytes.isEmpty { bytes = [0] }
        }
        return bytes
    }

    /// - Returns: How many calls were understood to their last parameter.
    private func read(_ stream: [UInt8], using random: inout Random) -> Int {
        var splitter = FrameSplitter(bytesMax: 600)
        var (rest, understood) = (stream[...], 0)
        while !rest.isEmpty {
            let chunk = Array(rest.prefix(Int.random(in: 1...200, using: &random)))
            rest = rest.dropFirst(chunk.count)
            chunk.withUnsafeBytes { splitter.append($0) }
            do {
                while let message = try splitter.next() {
                    try Call(decoding: message).understand()
                    understood += 1
                }
            } catch {
                return understood
            }
        }
        return understood
    }
}

/// The same numbers for the same seed.
///
/// Source: Steele, Lea, Flood: "Fast splittable pseudorandom number generators", 2014.
private struct Random: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }
}
