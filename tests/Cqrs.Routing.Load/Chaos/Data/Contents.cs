namespace Cqrs.Routing.Load.Chaos.Data;

/// <summary>What the database holds, and how a query's answer is checked against it.</summary>
internal static class Contents
{
    public const int Accounts = 10;
    public const int Documents = 60;

    private const int PayloadLength = 1000;

    public static IEnumerable<object> Create() =>
    [
        .. Enumerable.Range(1, Accounts).Select(id => new Account { Id = id }),
        .. Enumerable.Range(1, Documents).Select(id => new Document { Id = id, Payload = new((char)('a' + (id % 26)), PayloadLength) }),
    ];

    /// <summary>What is wrong with a list of all accounts; null if nothing is.</summary>
    public static string? Check(IReadOnlyList<Account> accounts)
    {
        var ids = accounts.Select(account => account.Id).Distinct().Count();
        var sum = accounts.Sum(account => account.Balance);
        return accounts.Count == Accounts && ids == Accounts && sum == 0 ? null : $"{accounts.Count} accounts ({ids} different) that add up to {sum}";
    }

    /// <summary>What is wrong with so many documents whose ids have this sum; null if nothing is.</summary>
    public static string? Check(int count, int idSum, int expected = Documents) =>
        count == expected && (expected < Documents || idSum == Documents * (Documents + 1) / 2) ? null : $"{count} documents of {expected}, whose ids add up to {idSum}";
}
