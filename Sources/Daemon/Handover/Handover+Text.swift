internal import Supervision

extension Handover {
    /// Why one cannot be taken over.
    enum Problem: Error, CustomStringConvertible {
        case tooNew(version: Int, readableFrom: Int)
        case unreadable(StateText.Unreadable)

        var description: String {
            switch self {
            case .tooNew(let version, let readableFrom):
                "a state of version \(version) is for daemons that know version \(readableFrom); "
                    + "this one knows \(Handover.version)"
            case .unreadable(let problem): "cannot read the state: \(problem)"
            }
        }
    }

    /// Of which version a text is, which is to be known before anything else in it.
    private struct Heading: Templated {
        static let template = Heading()

        var version = 1
        var readableFrom = 1
    }

    var text: [UInt8] { StateText.encode(self) }

    init(text: [UInt8]) throws(Problem) {
        let heading = try Handover.decode(Heading.self, from: text)
        guard heading.readableFrom <= Handover.version else {
            throw .tooNew(version: heading.version, readableFrom: heading.readableFrom)
        }
        self = try Handover.decode(Handover.self, from: text)
    }

    private static func decode<Value: Decodable>(
        _ type: Value.Type,
        from text: [UInt8]
    ) throws(Problem) -> Value {
        do {
            return try StateText.decode(type, from: text)
        } catch {
            throw .unreadable(error)
        }
    }
}
