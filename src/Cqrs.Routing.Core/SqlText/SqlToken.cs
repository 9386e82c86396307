namespace Cqrs.Routing.SqlText;

/// <summary>Represents one token by its part of the text, without its quotes.</summary>
internal readonly ref struct SqlToken
{
    private SqlToken(SqlTokenKind kind, ReadOnlySpan<char> text, SqlKeyword keyword)
    {
        Kind = kind;
        Text = text;
        Keyword = keyword;
    }

    public SqlToken(SqlTokenKind kind, ReadOnlySpan<char> text)
        : this(kind, text, kind == SqlTokenKind.Word ? SqlKeywords.Find(text) : SqlKeyword.None)
    {
    }

    public SqlTokenKind Kind { get; }

    public ReadOnlySpan<char> Text { get; }

    /// <summary>Gets the keyword; <see cref="SqlKeyword.None"/> for a name.</summary>
    public SqlKeyword Keyword { get; }

    public bool IsName => Kind is SqlTokenKind.Word or SqlTokenKind.QuotedName;

    /// <summary>Gets whether a statement ends before this token.</summary>
    public bool IsEnd => Kind == SqlTokenKind.End || Is(';');

    public bool Is(char symbol) => Kind == SqlTokenKind.Symbol && Text[0] == symbol;

    public bool Is(string word) => Text.Equals(word, StringComparison.OrdinalIgnoreCase);

    /// <summary>Returns this word as a name, for places where it cannot be a keyword: after a dot, or as an alias.</summary>
    public SqlToken AsName() => new(Kind, Text, SqlKeyword.None);
}
