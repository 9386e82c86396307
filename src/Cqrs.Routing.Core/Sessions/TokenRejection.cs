namespace Cqrs.Routing.Sessions;

/// <summary>The reason why a token was ignored. Its name, in lower case, is the tag of the metric.</summary>
internal enum TokenRejection
{
    None,

    /// <summary>The token is longer than any valid token.</summary>
    TooLong,

    /// <summary>The token is not protected with this application's keys: it is forged, truncated, or from another application.</summary>
    Unreadable,

    /// <summary>The token has a version that this version of the library does not know.</summary>
    UnknownVersion,

    /// <summary>All content of the token is older than the session lifetime.</summary>
    Expired,
}
