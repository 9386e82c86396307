namespace Cqrs.Routing.DifferentialTests.Model;

/// <summary>Shares the customers' table.</summary>
public sealed class CompanyCustomer : Customer
{
    public string VatId { get; set; } = "";
}
