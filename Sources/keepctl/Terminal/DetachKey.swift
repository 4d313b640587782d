/// Looks in what is typed for the key that ends `keepctl fg`: Ctrl-], as in telnet.
enum DetachKey {
    static let name = "Ctrl-]"
    private static let byte: UInt8 = 0x1d

    /// What is typed before the key, and whether it is there.
    static func split(_ typed: [UInt8]) -> (typed: [UInt8], isDetaching: Bool) {
        let before = typed.prefix { $0 != byte }
        return (Array(before), before.count < typed.count)
    }
}
