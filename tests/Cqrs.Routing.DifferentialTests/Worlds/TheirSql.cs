using System.Globalization;
using Cqrs.Routing.DifferentialTests.Programs;

namespace Cqrs.Routing.DifferentialTests.Worlds;

/// <summary>What somebody else sends to the primary.</summary>
public static class TheirSql
{
    // Every part of every row that a program may read and write back, and both concurrency tokens.
    private const string Increment = """
        UPDATE Customers SET Credit = Credit + 400, Address_Zip = Address_Zip + 400, Preferences_Level = Preferences_Level + 400,
            Profile = json_set(Profile, '$.Motto', json_extract(Profile, '$.Motto') || '!');
        UPDATE Orders SET Amount = Amount + 400, Version = Version + 1;
        UPDATE Orders SET Deliveries = json_set(Deliveries, '$[0].Carrier', json_extract(Deliveries, '$[0].Carrier') || '!') WHERE json_array_length(Deliveries) > 0;
        UPDATE Lines SET Quantity = Quantity + 400;
        UPDATE Products SET Price = Price + 400, Revision = Revision + 1, Details = json_set(Details, '$.Weight', json_extract(Details, '$.Weight') + 400);
        UPDATE Tags SET Weight = Weight + 400;
        """;

    public static string Of(Theirs theirs, int id) => theirs switch
    {
        Theirs.Increment => Increment,
        Theirs.AddOrder => string.Create(CultureInfo.InvariantCulture, $"INSERT INTO Orders (Amount, Version, CustomerId, Deliveries) SELECT 50, 0, Id, '[]' FROM Customers WHERE Id = {id}"),
        Theirs.RemoveOrder => string.Create(CultureInfo.InvariantCulture, $"DELETE FROM Lines WHERE OrderId = {id}; DELETE FROM Orders WHERE Id = {id}"),
        Theirs.Tag => string.Create(CultureInfo.InvariantCulture, $"INSERT OR IGNORE INTO CustomerTag (CustomersId, TagsId) SELECT c.Id, t.Id FROM Customers c, Tags t WHERE c.Id = {id} AND t.Id = 3"),
        _ => string.Create(CultureInfo.InvariantCulture, $"DELETE FROM CustomerTag WHERE CustomersId = {id}"),
    };
}
