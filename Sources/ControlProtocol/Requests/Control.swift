/// The namespace of the methods of `org.keepd.Control` as types; those of `org.varlink.service` are
/// in ``Service``.
public enum Control {}
