internal import LinuxSystem
internal import SystemPackage

/// The descriptors that go from one daemon to the next, by their numbers.
final class Luggage {
    private(set) var numbers: [CInt] = []

    /// Takes note of one that is lent until the next daemon has it.
    func pack(_ raw: CInt) -> CInt {
        numbers.append(raw)
        return raw
    }

    /// Gives one to its new owner.
    ///
    /// - Throws: `.badFileDescriptor` if it is not there.
    /// - Precondition: It is nobody else's.
    func unpack(_ number: CInt) throws(Errno) -> OwnedFD {
        guard Files.isOpen(number) else { throw .badFileDescriptor }
        return OwnedFD(adopting: number)
    }
}
