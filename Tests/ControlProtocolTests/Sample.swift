import ControlProtocol
import Testing

/// A message with all its fields set, and how it reads back.
struct Sample: CustomTestStringConvertible, Sendable {
    enum Part: Sendable {
        case parameters(Method)
        case answer(Method)
        case error(String)
    }

    /// The golden file's name.
    let name: String
    let part: Part
    /// With the NUL byte.
    let bytes: [UInt8]
    /// Whether a message without its NUL byte means what this sample means.
    let isMeant: @Sendable (_ message: [UInt8]) throws -> Bool

    var testDescription: String { name }

    static func call<R: Request>(_ name: String, _ request: R, more: Bool = false) -> Sample {
        Sample(
            name: name,
            part: .parameters(R.method),
            bytes: Call.encode(request, more: more)
        ) { message in
            let call = try Call(decoding: message)
            let parameters = try call.parameters(as: R.self)
            return call.method == R.method.rawValue && call.more == more && parameters == request
        }
    }

    static func reply<R: Request>(
        _ name: String,
        _: R.Type,
        _ answer: R.Answer,
        continues: Bool = false
    ) -> Sample {
        Sample(
            name: name,
            part: .answer(R.method),
            bytes: Reply.encode(answer, continues: continues)
        ) { message in
            let reply = try Reply(decoding: message)
            return try reply.error == nil && reply.continues == continues
                && reply.answer(as: R.Answer.self) == answer
        }
    }

    static func refusal(_ error: ControlError) -> Sample {
        let word = error.name.split(separator: ".").last.map(String.init) ?? error.name
        return Sample(
            name: "error-\(word)",
            part: .error(error.name),
            bytes: Reply.encode(error)
        ) { message in
            try Reply(decoding: message).error == error
        }
    }
}
