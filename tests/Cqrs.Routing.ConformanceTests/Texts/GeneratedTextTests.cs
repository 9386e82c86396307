using Cqrs.Routing.Providers;
using Cqrs.Routing.SqlText;

namespace Cqrs.Routing.ConformanceTests.Texts;

/// <summary>SQL that EF generates for each provider: the guard accepts its queries and refuses its schema scripts. Needs no server.</summary>
public sealed class GeneratedTextTests
{
    [Theory]
    [MemberData(nameof(Providers))]
    public void Every_kind_of_linq_query_is_a_read(string provider)
    {
        using var db = Context(provider);
        var dialect = DatabaseProvider.FromProviderName(db.Database.ProviderName!).Dialect;
        var ids = new[] { 1, 2, 3 };

        foreach (var query in Queries(db, ids))
        {
            // For SQLite, EF puts commands of its shell in front that set the parameters.
            var sql = string.Join('\n', query.ToQueryString().Split('\n').Where(line => !line.StartsWith(".param", StringComparison.Ordinal)));
            SqlClassifier.Classify(sql, dialect).WriteKeyword.ShouldBeNull(sql);
        }
    }

    [Theory]
    [MemberData(nameof(Providers))]
    public void The_script_that_creates_the_tables_is_a_write(string provider)
    {
        using var db = Context(provider);

        SqlClassifier.Classify(db.Database.GenerateCreateScript(), DatabaseProvider.FromProviderName(db.Database.ProviderName!).Dialect).IsRead.ShouldBeFalse();
    }

    public static TheoryData<string> Providers => ["SqlServer", "PostgreSql", "Sqlite"];

    private static IEnumerable<IQueryable> Queries(ShopContext db, int[] ids)
    {
        yield return db.Orders;
        yield return db.Orders.TagWith("DELETE FROM Orders; -- it's a tag\n/* UPDATE").Where(order => order.Name == "it's; DELETE FROM Orders --");
        yield return db.Orders.Include(order => order.Lines).Include(order => order.Tags).Include(order => order.Customer).AsSplitQuery();
        yield return db.Orders.Include(order => order.Lines.OrderBy(line => line.Product).Take(2)).Include(order => order.Customer);
        yield return db.Orders.OrderBy(order => order.Name).Skip(1).Take(2).Select(order => new { order.Name, Lines = order.Lines.Count, First = order.Lines.FirstOrDefault() });
        yield return db.Orders.Where(order => ids.Contains(order.Id) || EF.Functions.Like(order.Name, "%update%"));
        yield return db.Lines.GroupBy(line => line.Product).Where(group => group.Count() > 1).Select(group => new { group.Key, Sum = group.Sum(line => line.Quantity) });
        yield return db.Orders.Where(order => order.Lines.Any(line => line.Quantity > 1) && !order.Tags.All(tag => tag.Label == "x")).Distinct();
        yield return db.Orders.Select(order => order.Name).Union(db.Tags.Select(tag => tag.Label)).Except(db.Lines.Select(line => line.Product));
        yield return db.Orders.Select(order => order.Name.Replace("insert", "delete").ToUpper().Substring(0, 3) + (order.Customer == null ? "none" : order.Customer.Email));
        yield return db.Orders.LeftJoin(db.Notes, order => order.Id, note => note.ParentId, (order, note) => new { order.Name, note!.Text });
        yield return db.Orders.SelectMany(order => db.Lines.Where(line => line.OrderId == order.Id).OrderBy(line => line.Id).Take(1).DefaultIfEmpty());
        yield return db.Database.SqlQuery<int>($"SELECT 1 AS \"Value\"").Where(value => value > 0);
        yield return db.Orders.FromSql($"SELECT * FROM \"Orders\"").Where(order => order.Id > 1);
    }

    [Theory]
    [MemberData(nameof(Providers))]
    public void A_parameter_may_have_the_name_of_a_verb(string provider)
    {
        using var db = Context(provider);
        var (delete, update, insert, into, nextval, set) = ("a", "b", 1, 2, 3, new[] { 4, 5 });
        var query = db.Orders.Where(order => order.Name != delete && order.Name != update && order.Id != insert && set.Contains(order.Id)).Skip(into).Take(nextval);

        // Without the preamble of ToQueryString, which spells the values out.
        var sql = query.ToQueryString();
        sql = sql[sql.IndexOf("SELECT", StringComparison.Ordinal)..];
        sql.ShouldContain("@delete");
        SqlClassifier.Classify(sql, DatabaseProvider.FromProviderName(db.Database.ProviderName!).Dialect).WriteKeyword.ShouldBeNull(sql);
    }

    private static ShopContext Context(string provider)
    {
        var builder = new DbContextOptionsBuilder<ShopContext>();
        _ = provider switch
        {
            "SqlServer" => builder.UseSqlServer("Server=127.0.0.1;Database=shop"),
            "PostgreSql" => builder.UseNpgsql("Host=127.0.0.1;Database=shop"),
            _ => (DbContextOptionsBuilder)builder.UseSqlite("Data Source=:memory:"),
        };
        return new(builder.Options);
    }
}
