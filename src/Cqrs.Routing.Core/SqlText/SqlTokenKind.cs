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

    /// <summary>A text that cannot be read reliably. The token's text gives the reason, and no token follows.</summary>
    Unreadable,
}
