namespace Cqrs.Routing.ConformanceTests.Tracking.Model;

public class CardPayment : Payment
{
    public string? Issuer { get; set; }
}
