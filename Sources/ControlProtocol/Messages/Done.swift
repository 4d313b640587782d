/// What a reply carries when all there is to say is that it is done.
public struct Done: Codable, Equatable, Sendable {
    public init() {}
}
