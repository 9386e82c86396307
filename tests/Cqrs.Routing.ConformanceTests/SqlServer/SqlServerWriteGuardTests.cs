using Cqrs.Routing.TestServers.Tds;

namespace Cqrs.Routing.ConformanceTests.SqlServer;

/// <summary>SQL Server: the guard refuses writes of a query before they are sent; writes of a command reach the primary.</summary>
public sealed class SqlServerWriteGuardTests : SqlServerTest
{
    private static readonly Dictionary<string, Func<ShopContext, Task>> Writes = new()
    {
        ["an insert"] = db => SaveAsync(db, new Tag { Id = 7, Label = "new" }),
        ["an insert whose key is generated"] = db => SaveAsync(db, new Tag { Label = "new" }),
        ["inserts in one batch"] = db => SaveAsync(db, [.. Enumerable.Range(1, 10).Select(number => new Tag { Id = number, Label = "new" })]),
        ["inserts merged"] = db => SaveAsync(db, [.. Enumerable.Range(1, 10).Select(_ => new Tag { Label = "new" })]),
        ["an update"] = async db =>
        {
            db.Attach(new Tag { Id = 1, Label = "old" }).Entity.Label = "new";
            await db.SaveChangesAsync();
        },
        ["a delete"] = async db =>
        {
            db.Remove(new Tag { Id = 1, Label = "old" });
            await db.SaveChangesAsync();
        },
        ["a save that is synchronous"] = db =>
        {
            db.Add(new Tag { Id = 7, Label = "new" });
            db.SaveChanges();
            return Task.CompletedTask;
        },
        ["ExecuteUpdate"] = db => db.Tags.ExecuteUpdateAsync(tags => tags.SetProperty(tag => tag.Label, "new")),
        ["ExecuteUpdate of a part"] = db => db.Tags.OrderBy(tag => tag.Id).Take(1).ExecuteUpdateAsync(tags => tags.SetProperty(tag => tag.Label, "new")),
        ["ExecuteDelete"] = db => db.Tags.Where(tag => tag.Label == "old").ExecuteDeleteAsync(),
        ["HiLo"] = db => db.Database.SqlQueryRaw<long>("SELECT NEXT VALUE FOR [TagSequence] AS [Value]").ToListAsync(),
    };

    public static TheoryData<string> NamesOfWrites => [.. Writes.Keys];

    public static TheoryData<string> Texts =>
    [
        "INSERT INTO [Tags] ([Id], [Label]) OUTPUT INSERTED.* VALUES (7, N'new')",
        "SET NOCOUNT ON; UPDATE [Tags] SET [Label] = N'new' OUTPUT INSERTED.*",
        "DELETE FROM [Tags] OUTPUT DELETED.*",
        "MERGE [Tags] AS t USING (VALUES (1, N'new')) AS s ([Id], [Label]) ON t.[Id] = s.[Id] WHEN MATCHED THEN UPDATE SET [Label] = s.[Label] OUTPUT INSERTED.*;",
        "EXEC [RenameTag] 1",
        "EXECUTE [dbo].[RenameTag] 1",
        "DECLARE @r int; EXEC @r = [RenameTag] 1",
        "{{ CALL [RenameTag] (1) }}",
        "[RenameTag] 1",
        "SELECT [Id], [Label] INTO [Copy] FROM [Tags]; SELECT * FROM [Copy] AS [Tags]",
        "SELECT [Id], [Label] INTO [copy] FROM [Tags]; SELECT * FROM [copy] AS [Tags]",
        "SELECT * FROM [Tags] WITH (UPDLOCK)",
        "SELECT * FROM [Tags] WITH (ROWLOCK, XLOCK, READPAST)",
        "SELECT * FROM [Tags] AS t WITH (NOLOCK) JOIN [Lines] AS l WITH (HOLDLOCK) ON 1 = 1",
        "SELECT * FROM [Tags] (TABLOCKX)",
        "TRUNCATE TABLE [Tags]",
        "SELECT 1 DELETE FROM [Tags]",
    ];

    [Theory]
    [MemberData(nameof(NamesOfWrites))]
    public Task What_EF_writes_is_refused_in_a_query(string name) => RefusedAsync(Writes[name]);

    [Theory]
    [MemberData(nameof(NamesOfWrites))]
    public Task What_EF_writes_reaches_the_primary_in_a_command(string name) => SentAsync(Writes[name]);

    [Theory]
    [MemberData(nameof(Texts))]
    public async Task A_text_that_writes_or_locks_is_refused_in_a_query(string text)
    {
        await RefusedAsync(db => db.Tags.FromSqlRaw(text).AsNoTracking().ToListAsync());
        await RefusedAsync(db => db.Tags.FromSqlRaw(text).ToListAsync());
        await RefusedAsync(db => db.Database.ExecuteSqlRawAsync(text));
    }

    [Theory]
    [MemberData(nameof(Texts))]
    public Task A_text_that_writes_or_locks_reaches_the_primary_in_a_command(string text) => SentAsync(db => db.Tags.FromSqlRaw(text).ToListAsync());

    [Fact]
    public async Task Reads_with_hints_that_lock_nothing_run_on_the_replica()
    {
        await using var app = Start();
        Replica.Script = Answer;

        await app.SendAsync(new Read(async handling =>
        {
            (await handling.Db.Tags.FromSqlRaw("SELECT * FROM [Tags] WITH (NOLOCK)").AsNoTracking().ToListAsync()).ShouldHaveSingleItem();
            (await handling.Db.Tags.FromSqlRaw("SET NOCOUNT ON; SELECT * FROM [Tags] WITH (FORCESEEK, READPAST) OPTION (RECOMPILE)").AsNoTracking().ToListAsync()).ShouldHaveSingleItem();
            // A readable secondary has a tempdb of its own.
            (await handling.Db.Tags.FromSqlRaw("SELECT [Id], [Label] INTO #copy FROM [Tags]; SELECT * FROM #copy AS [Tags]").AsNoTracking().ToListAsync()).ShouldHaveSingleItem();
        }));

        Pair.Counts.ShouldBe((0, 3));
    }

    private async Task RefusedAsync(Func<ShopContext, Task> write)
    {
        await using var app = Start();
        (Primary.Script, Replica.Script) = (Answer, Answer);

        await app.SendAsync(new Read(Refused));
        await app.SendAsync(new ReadFromPrimaryQuery(Refused));

        async Task Refused(Handling handling)
        {
            var refusal = await Should.ThrowAsync<QueryWriteException>(() => write(handling.Db));
            refusal.InnerException.ShouldBeNull("the guard refuses, not the server");
            Primary.Requests.ShouldBeEmpty();
            Replica.Requests.ShouldBeEmpty();
        }
    }

    private async Task SentAsync(Func<ShopContext, Task> write)
    {
        await using var app = Start();
        Primary.Script = Answer;

        await app.SendAsync(new Write(handling => write(handling.Db)));

        Pair.Counts.ShouldBe((1, 0));
        Primary.Logins.ShouldHaveSingleItem();
        Replica.Logins.ShouldBeEmpty();
    }

    private static Task SaveAsync(ShopContext db, params object[] entities)
    {
        db.AddRange(entities);
        return db.SaveChangesAsync();
    }

    // A row for whoever reads one. What is saved is answered with as many as there are, so that EF finds all keys that it asked for.
    private static TdsReply? Answer(TdsRequest request) =>
        !request.IsStatement ? null
        : request.Text.Contains("NEXT VALUE", StringComparison.Ordinal) ? TdsReply.Row(("Value", 1L))
        : request.Text.Contains("OUTPUT INSERTED.[Id]", StringComparison.Ordinal) ? Keys(request.Parameters.Count)
        : request.Text.Contains("OUTPUT 1", StringComparison.Ordinal) ? TdsReply.Row(("", 1))
        : request.Text.StartsWith("SET IMPLICIT_TRANSACTIONS", StringComparison.Ordinal) || request.Text.Contains(" [t]", StringComparison.Ordinal) ? null
        : TdsReply.Row(("Id", 1), ("Label", "old"));

    private static TdsReply Keys(int count) => TdsReply.Rows(
        [new("Id", TdsType.Int), new("_Position", TdsType.Int)],
        [.. Enumerable.Range(0, count).Select(number => new object?[] { 100 + number, number })]);
}
