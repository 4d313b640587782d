/// A type whose later versions may have more to say: what a text leaves out is as in its template.
///
/// To be had by every structure of a state, so that a member can be added to it by giving it a
/// default and nothing else.
public protocol Templated: Codable {
    /// Its members that have no default are never missing, so whatever they are here is all the same.
    static var template: Self { get }
}
