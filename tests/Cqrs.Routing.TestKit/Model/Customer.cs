namespace Cqrs.Routing.TestKit.Model;

public class Customer
{
    public int Id { get; set; }

    /// <summary>Unique, so that concurrent get-or-create is safe.</summary>
    public required string Email { get; set; }
}
