namespace Cqrs.Routing.ConformanceTests.Tracking.Model;

public class Warehouse : Place
{
    public int Gates { get; set; }
}
