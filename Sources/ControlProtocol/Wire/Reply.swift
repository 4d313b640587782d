/// One message from the daemon: what was asked for, or why not.
///
/// Source: https://varlink.org/Method-Call.
public struct Reply: Equatable, Sendable {
    /// Whether another reply to the same call follows.
    public let continues: Bool
    public let error: ControlError?
    private let message: [UInt8]

    /// - Parameter message: As ``FrameSplitter`` gives it, without the NUL byte.
    public init(decoding message: [UInt8]) throws(ProtocolViolation) {
        let head = try Reply.decode(Head.self, from: message)
        continues = head.continues ?? false
        self.message = message
        guard let name = head.error else {
            error = nil
            return
        }
        let fields = try Reply.decode(Body<ControlError.Fields>.self, from: message).parameters
        error = try ControlError(name, fields ?? ControlError.Fields())
    }

    /// What the reply carries, where it is no error.
    public func answer<Answer: Decodable>(
        as type: Answer.Type
    ) throws(ProtocolViolation) -> Answer {
        guard let answer = try Reply.decode(Body<Answer>.self, from: message).parameters else {
            throw .missing(field: "parameters")
        }
        return answer
    }

    /// The message of the daemon, with its NUL byte.
    ///
    /// - Parameter continues: Only in answer to a call with `more`.
    public static func encode(_ answer: some Encodable, continues: Bool = false) -> [UInt8] {
        let envelope = Envelope(error: nil, parameters: answer, continues: continues ? true : nil)
        return JSON.encode(envelope) + [0]
    }

    /// The message of the daemon, with its NUL byte; no other reply to the call follows it.
    public static func encode(_ error: ControlError) -> [UInt8] {
        let fields = ControlError.Fields(error)
        return JSON.encode(Envelope(error: error.name, parameters: fields, continues: nil)) + [0]
    }

    private static func decode<Value: Decodable>(
        _ type: Value.Type,
        from message: [UInt8]
    ) throws(ProtocolViolation) -> Value {
        do {
            return try JSON.decode(type, from: message)
        } catch {
            throw ProtocolViolation(error)
        }
    }

    private struct Head: Decodable {
        let error: String?
        let continues: Bool?
    }

    private struct Body<Parameters: Decodable>: Decodable {
        let parameters: Parameters?
    }

    private struct Envelope<Parameters: Encodable>: Encodable {
        let error: String?
        let parameters: Parameters
        let continues: Bool?
    }
}
