/// One message from a client: a method, its parameters, and how to answer.
///
/// Source: https://varlink.org/Method-Call.
public struct Call: Equatable, Sendable {
    /// The full name, of a method that may not exist; see ``Method/init(named:)``.
    public let method: String
    /// Whether the client takes more than one reply.
    public let more: Bool
    /// Whether the client wants no reply at all.
    public let oneway: Bool
    /// Whether the client wants to leave Varlink after the reply, which keepd never does.
    public let upgrade: Bool
    /// As it came; only the method tells what its parameters are.
    public let message: [UInt8]

    /// - Parameter message: As ``FrameSplitter`` gives it, without the NUL byte.
    public init(decoding message: [UInt8]) throws(ProtocolViolation) {
        do {
            let head = try JSON.decode(Head.self, from: message)
            method = head.method
            more = head.more ?? false
            oneway = head.oneway ?? false
            upgrade = head.upgrade ?? false
            self.message = message
        } catch {
            throw ProtocolViolation(error)
        }
    }

    /// The parameters, once the method is known.
    ///
    /// - Throws: `.invalidParameter` with the name of the first that is missing, unknown or not
    ///   what it should be.
    public func parameters<R: Request>(as type: R.Type) throws(ControlError) -> R {
        do {
            return try JSON.decode(Body<R>.self, from: message).parameters
        } catch {
            throw .invalidParameter(parameter: Call.parameter(at: error))
        }
    }

    /// The message of a client, with its NUL byte.
    public static func encode(
        _ request: some Request,
        more: Bool = false,
        oneway: Bool = false
    ) -> [UInt8] {
        JSON.encode(Envelope(parameters: request, more: more, oneway: oneway)) + [0]
    }

    private static func parameter(at error: DecodingError) -> String {
        let path: [any CodingKey] =
            switch error {
            case .keyNotFound(let key, let context): context.codingPath + [key]
            case .typeMismatch(_, let context), .valueNotFound(_, let context),
                .dataCorrupted(let context):
                context.codingPath
            @unknown default: []
            }
        return path.first { $0.stringValue != Key.parameters.rawValue }?.stringValue ?? "parameters"
    }

    private enum Key: String, CodingKey {
        case method, parameters, more, oneway, upgrade
    }

    private struct Head: Decodable {
        let method: String
        let more, oneway, upgrade: Bool?
    }

    private struct Body<R: Request>: Decodable {
        let parameters: R

        init(from decoder: any Decoder) throws {
            let envelope = try decoder.container(keyedBy: Key.self)
            guard try envelope.contains(.parameters) && !envelope.decodeNil(forKey: .parameters)
            else {
                parameters = try JSON.decode(R.self, from: Array("{}".utf8))
                return
            }
            let given = try envelope.nestedContainer(keyedBy: AnyKey.self, forKey: .parameters)
            let known = Set(R.CodingKeys.allCases.map(\.stringValue))
            if let unknown = given.allKeys.map(\.stringValue).sorted().first(where: {
                !known.contains($0)
            }) {
                throw DecodingError.keyNotFound(
                    AnyKey(stringValue: unknown),
                    .init(codingPath: [], debugDescription: "unknown parameter")
                )
            }
            parameters = try envelope.decode(R.self, forKey: .parameters)
        }
    }

    private struct Envelope<R: Request>: Encodable {
        let parameters: R
        let more, oneway: Bool

        func encode(to encoder: any Encoder) throws {
            var envelope = encoder.container(keyedBy: Key.self)
            try envelope.encode(R.method.rawValue, forKey: .method)
            try envelope.encode(parameters, forKey: .parameters)
            if more { try envelope.encode(true, forKey: .more) }
            if oneway { try envelope.encode(true, forKey: .oneway) }
        }
    }

    private struct AnyKey: CodingKey {
        let stringValue: String
        let intValue: Int? = nil

        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }
}
