namespace Cqrs.Routing.SqlText;

internal enum SqlTokenKind
{
    End,

    /// <summary>A keyword or a name without quotes.</summary>
    Word,

    /// <summary>A name in quotes, which is never a keyword.</summary>
    QuotedName,

    /// <summary>A string in quotes.</summary>
    String,

    /// <summary>A number, a parameter or a dollar-quoted string.</summary>
    Value,

    /// <summary>Any other single character.</summary>
    Symbol,

    /// <summary>What cannot be read with certainty; its text says why, and no token follows.</summary>
    Unreadable,
}
