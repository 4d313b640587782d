/// What makes a peer one that does not speak Varlink; the connection ends with it.
public enum ProtocolViolation: Error, Equatable, Sendable {
    case tooLong(bytesMax: Int)
    case notJSON
    case notAnObject
    case missing(field: String)
    case wrongType(field: String)
}

extension ProtocolViolation: CustomStringConvertible {
    public var description: String {
        switch self {
        case .tooLong(let bytesMax): "cannot read message: longer than \(bytesMax) bytes"
        case .notJSON: "cannot read message: not JSON"
        case .notAnObject: "cannot read message: not a JSON object"
        case .missing(let field): "cannot read message: no field \"\(field)\""
        case .wrongType(let field): "cannot read message: wrong type of field \"\(field)\""
        }
    }
}

extension ProtocolViolation {
    init(_ error: DecodingError) {
        switch error {
        case .keyNotFound(let key, let context):
            self = .missing(field: (context.codingPath + [key]).dotted)
        case .typeMismatch(_, let context), .valueNotFound(_, let context):
            self =
                context.codingPath.isEmpty
                ? .notAnObject : .wrongType(field: context.codingPath.dotted)
        case .dataCorrupted(let context):
            self =
                context.codingPath.isEmpty
                ? .notJSON : .wrongType(field: context.codingPath.dotted)
        @unknown default:
            self = .notJSON
        }
    }
}

extension [any CodingKey] {
    /// `programs.3.name`.
    fileprivate var dotted: String {
        map { $0.intValue.map(String.init) ?? $0.stringValue }.joined(separator: ".")
    }
}
