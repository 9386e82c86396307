namespace Cqrs.Routing.ConformanceTests.Tracking.Model;

public class Invoice : Document
{
    public int Total { get; set; }
}
