namespace Cqrs.Routing.SqlText;

/// <summary>One token, as the part of the text that it is, without its quotes.</summary>
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

    /// <summary><see cref="SqlKeyword.None"/> for a name.</summary>
    public SqlKeyword Keyword { get; }

    public bool IsName => Kind is SqlTokenKind.Word or SqlTokenKind.QuotedName;

    /// <summary>Whether a statement ends before this token.</summary>
    public bool IsEnd => Kind == SqlTokenKind.End || Is(';');

    public bool Is(char symbol) => Kind == SqlTokenKind.Symbol && Text[0] == symbol;

    public bool Is(string word) => Text.Equals(word, StringComparison.OrdinalIgnoreCase);

    /// <summary>This word where it cannot be a keyword: behind a dot, or as an alias.</summary>
    public SqlToken AsName() => new(Kind, Text, SqlKeyword.None);
}
