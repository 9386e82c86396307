namespace Cqrs.Routing.Sessions;

/// <summary>Why a token was ignored; its name, in lower case, is the metric's tag.</summary>
internal enum TokenRejection
{
    None,

    /// <summary>Longer than any token is.</summary>
    TooLong,

    /// <summary>Not protected by this application's keys: forged, truncated, or another application's.</summary>
    Unreadable,

    /// <summary>Of a version of the library that this one does not know.</summary>
    UnknownVersion,

    /// <summary>All that it says is older than a token lives.</summary>
    Expired,
}
