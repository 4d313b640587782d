internal import ControlProtocol
internal import LinuxSystem
internal import Supervision
internal import SystemPackage
internal import SystemTypes

/// A handover that a new daemon has been given, and the descriptors that it speaks of.
struct Parcel {
    /// Holds the number of the descriptor in which the handover is.
    static let variable = "KEEPD_HANDOVER"
    /// Of the process in which one is tried.
    static let descriptorOfTrial: CInt = 3
    /// What that process says if it can go on; any program may end with 0.
    static let acceptance = "handover accepted"

    let handover: Handover
    let luggage = Luggage()

    /// Takes what the daemon before has left in this process; `nil` if there was none.
    static func take() throws(Keepd.Failure) -> Parcel? {
        guard let text = ProcessImage.takeVariable(variable) else { return nil }
        ProcessImage.keepDescriptorsToItself()
        guard let number = CInt(text), Files.isOpen(number) else {
            throw failure("\(variable)=\(text): no such descriptor")
        }
        let parcel = try Parcel(from: OwnedFD(adopting: number))
        guard parcel.handover.process == ProcessTable.current else {
            throw failure("it is for process \(parcel.handover.process)")
        }
        return parcel
    }

    /// One that speaks of descriptors which are there.
    init(_ handover: Handover) {
        self.handover = handover
    }

    init(from file: consuming OwnedFD) throws(Keepd.Failure) {
        do {
            handover = try Handover(text: MemoryFile.content(of: file))
        } catch let problem as Handover.Problem {
            throw Parcel.failure(problem.description)
        } catch {
            throw Parcel.failure("\(error)")
        }
    }

    private static func failure(_ reason: String) -> Keepd.Failure {
        Keepd.Failure(code: .system, message: "keepd: cannot go on from another: \(reason)")
    }
}

extension Keepd {
    /// Says whether this daemon could go on from a handover, and touches nothing.
    public static func checkHandover(_ descriptor: CInt) -> ExitCode {
        do throws(Failure) {
            guard Files.isOpen(descriptor) else {
                throw Failure(code: .system, message: "keepd: no descriptor \(descriptor)")
            }
            let parcel = try Parcel(from: OwnedFD(adopting: descriptor))
            _ = Supervisor(restoring: parcel.handover.supervisor, at: .now)
            report(Parcel.acceptance)
            return .clean
        } catch {
            report(error.message)
            return error.code
        }
    }
}
