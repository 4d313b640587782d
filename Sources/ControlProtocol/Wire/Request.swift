/// The parameters of one method, and what each reply to it carries.
public protocol Request: Codable, Equatable, Sendable {
    associatedtype Answer: Codable, Equatable, Sendable
    /// All parameters there are, so that a misspelt one is refused, not passed over.
    associatedtype CodingKeys: CodingKey, CaseIterable

    static var method: Method { get }
}
