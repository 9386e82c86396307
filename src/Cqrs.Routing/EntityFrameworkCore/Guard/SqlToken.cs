namespace Cqrs.Routing.EntityFrameworkCore.Guard;

/// <summary>One token, as the part of the text that it is; quotes are left out of a quoted name.</summary>
internal readonly ref struct SqlToken(SqlTokenKind kind, ReadOnlySpan<char> text)
{
    public SqlTokenKind Kind { get; } = kind;

    public ReadOnlySpan<char> Text { get; } = text;

    /// <summary><see cref="SqlKeyword.None"/> for a name.</summary>
    public SqlKeyword Keyword => Kind == SqlTokenKind.Word ? SqlKeywords.Find(Text) : SqlKeyword.None;

    public bool Is(char symbol) => Kind == SqlTokenKind.Symbol && Text[0] == symbol;

    public bool IsName => Kind is SqlTokenKind.Word or SqlTokenKind.QuotedName;
}
