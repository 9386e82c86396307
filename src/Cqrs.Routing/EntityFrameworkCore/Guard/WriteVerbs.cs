namespace Cqrs.Routing.EntityFrameworkCore.Guard;

/// <summary>Tells a verb that begins a statement from a column or an alias of the same name.</summary>
internal static class WriteVerbs
{
    public static bool IsStatement(SqlKeyword verb, SqlToken next, SqlKeyword head, char previousSymbol, SqlDialect dialect) =>
        dialect switch
        {
            // Reserved words: without quotes they are what they say, wherever they stand. Statements need no semicolon between them.
            SqlDialect.SqlServer or SqlDialect.Unknown => verb switch
            {
                SqlKeyword.Merge => next.Keyword is not (SqlKeyword.Join or SqlKeyword.Union),
                SqlKeyword.Replace => next.Keyword == SqlKeyword.Into,
                _ => true,
            },
            SqlDialect.Sqlite => verb switch
            {
                SqlKeyword.Insert or SqlKeyword.Update or SqlKeyword.Delete => true,
                SqlKeyword.Replace => next.Keyword == SqlKeyword.Into,
                _ => false,
            },
            SqlDialect.MySql => verb switch
            {
                SqlKeyword.Insert => !next.Is('('),
                SqlKeyword.Update or SqlKeyword.Delete => true,
                SqlKeyword.Replace => next.Keyword == SqlKeyword.Into,
                _ => false,
            },
            // Ordinary names, but where a statement can begin: in a bracket, or behind the brackets of WITH.
            _ => CanBegin(head, previousSymbol) && Continues(verb, next),
        };

    private static bool CanBegin(SqlKeyword head, char previousSymbol) =>
        previousSymbol == '(' || (previousSymbol == ')' && head == SqlKeyword.With);

    private static bool Continues(SqlKeyword verb, SqlToken next) => verb switch
    {
        SqlKeyword.Insert or SqlKeyword.Merge => next.Keyword == SqlKeyword.Into,
        SqlKeyword.Delete => next.Keyword == SqlKeyword.From,
        SqlKeyword.Update => next.Kind == SqlTokenKind.QuotedName || next is { Kind: SqlTokenKind.Word, Keyword: SqlKeyword.None or SqlKeyword.Only },
        _ => false,
    };
}
